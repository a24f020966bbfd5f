import { readFileSync, statSync } from "node:fs";
import { systemCode } from "../../base/system-code.ts";

/** The text of a secret's file without the blanks around it, or why there is none. */
export type SecretText =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "unusable"; readonly reason: string };

export function readSecretFile(path: string): SecretText {
  let text: string;
  try {
    // Opening a pipe waits for its writer, and the whole process with it.
    if (!statSync(path).isFile()) return { kind: "unusable", reason: "is no regular file" };
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    return { kind: "unusable", reason: `cannot be read (${reasonOf(error)})` };
  }
  return text === "" ? { kind: "unusable", reason: "is empty" } : { kind: "read", text };
}

/** `ENOENT` and the like; an error's message would repeat the path. */
export function reasonOf(error: unknown): string {
  return systemCode(error) ?? "unknown reason";
}
