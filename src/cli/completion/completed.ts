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

/** By what the help calls the operands: `FILE`, `bash|zsh`, `[settings|policy]`. */
export function completedOperands({ operands }: Pick<Command, "operands">): Completed {
  const words = /^\[?([a-z]+(?:\|[a-z]+)+)\]?$/.exec(operands ?? "")?.[1]?.split("|");
  if (words !== undefined) return { kind: "words", words };
  return { kind: operands !== undefined && /\bFILE\b/.test(operands) ? "file" : "text" };
}
