import type { Command, Flag } from "../command-line/command-line.ts";

/** What may stand where a value is expected: the paths of files or folders, one of some words, or a text of the user's own. */
export type Completed =
  | { readonly kind: "file" | "directory" | "text" }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** By what the help calls the value, and the values that are allowed. */
export function completedValue({ value, values }: Pick<Flag, "value" | "values">): Completed {
  if (values !== undefined) return { kind: "words", words: values };
  return { kind: value === "FILE" ? "file" : value === "DIR" ? "directory" : "text" };
}

/** By what the help calls the operands: `FILE`, `bash|zsh`. */
export function completedOperands({ operands }: Pick<Command, "operands">): Completed {
  if (operands !== undefined && /^[a-z]+(?:\|[a-z]+)+$/.test(operands)) {
    return { kind: "words", words: operands.split("|") };
  }
  return { kind: operands !== undefined && /\bFILE\b/.test(operands) ? "file" : "text" };
}
