import { readBoundedRegular } from "../../base/bounded-file.ts";
import { SECRET_KEYS } from "../../config/resolve/masked-settings.ts";
import { MASK } from "../../core/traefik/mask-secrets.ts";

/** Shorter texts stand in many places that are no secrets. */
const LEAST = 6;

/** Keys of the settings that name a file with nothing but a secret in it. */
const SECRET_FILES: ReadonlySet<string> = new Set(["tokenFile", "jwtFile", "passwordFile"]);

/** The secrets that settings hold, and those in the files that they name. */
export async function secretsOfSettings(tree: unknown): Promise<readonly string[]> {
  const found: string[] = [];
  const files: string[] = [];
  visit(tree, "");
  for (const path of files) {
    const read = await readBoundedRegular(path);
    if (read.kind !== "unreadable") found.push(read.text.trim());
  }
  return found;

  function visit(value: unknown, key: string): void {
    if (typeof value === "string") {
      if (SECRET_KEYS.has(key)) found.push(value);
      if (SECRET_FILES.has(key)) files.push(value);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) visit(one, name);
    }
  }
}

/** The texts that are masked in a copy of a value, and are there in the value itself. */
export function maskedTexts(value: unknown, masked: unknown): readonly string[] {
  if (typeof value === "string") return value !== masked && masked === MASK ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    maskedTexts(one, typeof masked === "object" && masked !== null ? Reflect.get(masked, key) : undefined),
  );
}

/**
 * A text of JSON in which no secret is left, as it is or as URLs and headers carry it: a second net behind the masks, for a
 * secret that stands where none is expected, such as in a rule or a name.
 */
export function withoutSecrets(json: string, secrets: Iterable<string>): string {
  let text = json;
  for (const secret of [...new Set(secrets)]
    .filter(({ length }) => length >= LEAST)
    .sort((a, b) => b.length - a.length)) {
    for (const form of formsOf(secret)) text = text.replaceAll(form, MASK);
  }
  return text;
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const forms = [secret, encodeURIComponent(secret), bytes.toString("base64"), bytes.toString("base64url")];
  return [...new Set(forms.map((form) => JSON.stringify(form).slice(1, -1)))];
}
