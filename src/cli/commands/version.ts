import { packageVersion } from "../../app/process/version.ts";
import { EXIT_CODES } from "../../base/errors.ts";

/** Does what `versionCommand` says. Resolves to the exit code. */
export function run(): Promise<number> {
  process.stdout.write(`${packageVersion()}\n`);
  return Promise.resolve(EXIT_CODES.ok);
}
