import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A build of portolan: its `dist/main.js`. */
export type Program = string;

export const PRESENT_BUILD: Program = join(import.meta.dirname, "../dist/main.js");

/** What Node is started with to run the program: it, after the flags that its own first line gives to Node. */
export function programArgs(program: Program): readonly string[] {
  const [first = ""] = readFileSync(program, "utf8").split("\n", 1);
  const [, flags = ""] = /^#!\S+ -S node ?(.*)$/.exec(first) ?? [];
  return [...flags.split(" ").filter((flag) => flag !== ""), program];
}
