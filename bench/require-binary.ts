import { AppError, EXIT_CODES } from "../src/base/errors.ts";
import { findTool, type ToolName } from "../test/support/real-binaries.ts";
import type { Binary } from "./stage.ts";

/** Processes only: those in a container could not be seen at rest, nor be compared with one outside. */
export async function requireBinary(name: ToolName): Promise<Binary> {
  const tool = await findTool(name);
  if (tool?.kind === "binary") return tool;
  throw new AppError(`bench: no ${name} in test/tools/bin or on the PATH; run test/tools/install ${name}`, {
    code: "E_BENCH_NO_BINARY",
    retryable: false,
    exitCode: EXIT_CODES.unavailable,
  });
}
