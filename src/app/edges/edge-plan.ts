import { resolve } from "node:path";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { DefaultMiddlewares } from "../../core/settings.ts";
import { MAIN_EDGE } from "../../core/settings.ts";

/** Which tags go into which chart. */
export interface EdgePlan {
  readonly name: string;
  readonly prefix: string;
  readonly file: string;
  /** In place of those of the settings. */
  readonly defaultMiddlewares?: DefaultMiddlewares;
}

/**
 * The chart of `output` comes first; then those of `edges`. Throws AppError (exit code 78) where two of them are the same
 * file.
 */
export function edgePlans({
  traefik,
  output,
  edges,
}: Pick<Settings, "traefik" | "output" | "edges">): readonly [EdgePlan, ...EdgePlan[]] {
  for (const { name, file } of edges) {
    if (resolve(file) !== resolve(output.file)) continue;
    throw unusableOutput(`edges.${name}.file: ${file} is the chart of output.file already; name another file`);
  }
  return [{ name: MAIN_EDGE, prefix: traefik.prefix, file: output.file }, ...edges];
}

/** Nothing that is written there could reach Traefik. */
export function unusableOutput(message: string): AppError {
  return new AppError(message, { code: "E_OUTPUT_UNUSABLE", retryable: false, exitCode: EXIT_CODES.badSettings });
}
