import type { Finding } from "../../diagnostics/finding.ts";
import { nameInText } from "../../diagnostics/name-in-text.ts";
import {
  type ConfigObject,
  type ConfigValue,
  isConfigObject,
  resourceKey,
  type Section,
  sectionsMade,
} from "../chart/dynamic-config.ts";
import { parseTraefikDuration } from "../decode/duration.ts";
import { entryField } from "../schema/entry-field.ts";
import type { Bounds, Field } from "../schema/schema.ts";
import { valueAt } from "./subject.ts";

/** A field with bounds, and where it lies in a router, service or middleware. */
interface BoundedField {
  readonly path: readonly string[];
  readonly kind: Field["kind"];
  readonly bounds: Bounds;
}

/**
 * Values by which a tag asks Traefik for more memory or work than a tag may: the bounds of the schema. The operator's own
 * files may have any. No value is shown: some are secret.
 */
export function boundFindings(
  section: Section,
  name: string,
  object: ConfigObject,
  { prefix }: { readonly prefix: string },
): readonly Finding[] {
  const found: Finding[] = [];
  for (const type in object) {
    for (const field of BOUNDED[section].get(type) ?? []) {
      const flaw = valuesAt(object, field.path)
        .map((value) => flawOf(value, field))
        .find(Boolean);
      if (flaw !== undefined) found.push(outOfBounds(section, name, field, flaw));
    }
  }
  const unlimited = unlimitedBody(section, name, object, prefix);
  return unlimited === undefined ? found : [...found, unlimited];
}

/** By the first field of their paths: an object has one or two fields of the dozens that there are. */
const BOUNDED = sectionsMade((section) => Map.groupBy(boundedIn(entryField(section), []), ({ path }) => path[0] ?? ""));

function boundedIn(field: Field, path: readonly string[]): readonly BoundedField[] {
  const { kind, bounds } = field;
  const own = bounds === undefined ? [] : [{ path, kind, bounds }];
  const holder = "entry" in field ? field.entry : field;
  if (!("fields" in holder)) return own;
  return [...own, ...Object.entries(holder.fields).flatMap(([name, child]) => boundedIn(child, [...path, name]))];
}

/** The values below these fields, of every entry where a list lies on the way; of a list at the end the list itself. */
function valuesAt(value: ConfigValue | undefined, [field, ...rest]: readonly string[]): readonly ConfigValue[] {
  if (value === undefined) return [];
  if (field === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((entry) => valuesAt(entry, [field, ...rest]));
  return isConfigObject(value) ? valuesAt(value[field], rest) : [];
}

/** What is wrong with a value: what was found, without the value where it may be secret, and what is allowed. */
interface Flaw {
  readonly found: string;
  readonly allowed: string;
}

function flawOf(value: ConfigValue, { kind, bounds }: BoundedField): Flaw | undefined {
  const { least, most, mostHashCost } = bounds;
  if (mostHashCost !== undefined) return hashFlaw(value, mostHashCost);
  if (kind === "list") {
    const entries = Array.isArray(value) ? value.length : 0;
    if (most === undefined || entries <= most) return undefined;
    return { found: `a list of ${entries}`, allowed: `at most ${most}` };
  }
  if (kind === "duration") {
    const ns = parseTraefikDuration(String(value)) ?? 0n;
    if (ns <= 0n || least === undefined || ns >= BigInt(least) * 1_000_000n) return undefined;
    return { found: String(value), allowed: `at least ${least / 1_000}s` };
  }
  const number = Number(value);
  if (least !== undefined && number < least) return { found: String(value), allowed: rangeOf(least, most) };
  return most !== undefined && number > most ? { found: String(value), allowed: rangeOf(least, most) } : undefined;
}

function rangeOf(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return `at most ${most}`;
  return most === undefined ? `at least ${least}` : `${least} to ${most}`;
}

const BCRYPT = /:\$2[abxy]?\$(\d\d)\$/;

function hashFlaw(users: ConfigValue, most: number): Flaw | undefined {
  const costs = (Array.isArray(users) ? users : []).map((user) => Number(BCRYPT.exec(String(user))?.[1] ?? 0));
  const greatest = Math.max(0, ...costs);
  if (greatest <= most) return undefined;
  return { found: `a bcrypt hash of cost ${greatest}`, allowed: `at most ${most}` };
}

function outOfBounds(
  section: Section,
  name: string,
  { path, bounds }: BoundedField,
  { found, allowed }: Flaw,
): Finding {
  return {
    code: "VALUE_OUT_OF_BOUNDS",
    message: `${resourceKey(section, name)} has ${found} in ${path.join(".")}, allowed in tags: ${allowed}; traefik ${bounds.because}`,
    remedy: `set it within ${JSON.stringify(allowed)}, or have the operator define ${JSON.stringify(name)} in a file of the snippets folder (snippets)`,
  };
}

/** Without a limit of its own Traefik reads the bodies of all requests as a whole into memory, before any is authorized. */
function unlimitedBody(section: Section, name: string, object: ConfigObject, prefix: string): Finding | undefined {
  if (valueAt(object, "forwardAuth", "forwardBody") !== true) return undefined;
  if (valueAt(object, "forwardAuth", "maxBodySize") !== undefined) return undefined;
  return {
    code: "VALUE_OUT_OF_BOUNDS",
    message: `${resourceKey(section, name)} has forwardAuth.forwardBody without forwardAuth.maxBodySize: traefik reads bodies of any size into memory`,
    remedy: `add the tag ${nameInText(`${prefix}.http.middlewares.${name}.forwardauth.maxbodysize=1048576`)}`,
  };
}
