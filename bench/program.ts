import { join } from "node:path";
import { firstLineOf } from "../test/support/first-line.ts";

/** A build of portolan: its `dist/main.js`. */
export type Program = string;

export const PRESENT_BUILD: Program = join(import.meta.dirname, "../dist/main.js");

/** What Node is started with to run the program: it, after the flags that its own first line gives to Node. */
export function programArgs(program: Program): readonly string[] {
  return [...firstLineOf(program).flags, program];
}
