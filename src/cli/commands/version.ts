import { packageVersion } from "../../app/process/version.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import type { Command } from "../command-line/command-line.ts";

export const versionCommand: Command = {
  name: "version",
  summary: "print the version",
  help: "Prints the version and nothing else.",
  flags: [],
  exitCodes: { 0: "done" },
  run() {
    process.stdout.write(`${packageVersion()}\n`);
    return Promise.resolve(EXIT_CODES.ok);
  },
};
