import { AppError } from "../../../src/base/errors.ts";
import { parseCommandLine } from "../../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { loadSettings } from "../../../src/config/load.ts";
import type { Printed } from "../../cli/commands/check/printed.ts";
import { runHere } from "../../cli/in-process.ts";

/** Those that go on until they are ended: their words and settings are read as they would be, and that is all. */
const WITHOUT_END = new Set(["run", "demo"]);

/** Runs `portolan WORDS` in this process, as the program would; an error becomes its message and exit code. */
export async function portolanHere(words: readonly string[], directory: string): Promise<Printed> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    // An ellipsis stands for further words.
    const [name = "", ...more] = words.filter((word) => word !== "…");
    if (!WITHOUT_END.has(name)) return await runHere([name, ...more]);
    const asked = await parseCommandLine([name, ...more], COMMANDS);
    if (name === "run" && asked.kind !== "help") await loadSettings(asked.flags, process.env);
    return { code: 0, stdout: "", stderr: "" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.exitCode, stdout: "", stderr: `portolan: ${error.message}\n` };
  } finally {
    process.chdir(before);
  }
}
