import type { ExitCodeDocs, Flag } from "../command-line/command-line.ts";

/** The exit codes of every check: one scheme for the whole family. */
export const CHECK_EXIT_CODES: ExitCodeDocs = { 0: "sound", 1: "something is wrong, or it cannot be read" };

export const JSON_FLAG: Flag = { name: "json", help: "print the problems as JSON for machines" };
