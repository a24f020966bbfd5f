import { AppError, EXIT_CODES } from "../base/errors.ts";
import type { PublishedChart } from "../observe/observer.ts";

/** The published file. */
export interface DaemonChart {
  readonly path: string;
  read(): Promise<{ kind: "absent" | "empty" | "foreign" } | { kind: "ours"; text: string }>;
  publish(text: string): Promise<PublishedChart>;
}

/**
 * The text of the file on disk; undefined where there is none, or an empty one. Throws AppError (E_OUTPUT_FOREIGN) where
 * portolan did not write the file: it is not overwritten.
 */
export async function readPublished(chart: DaemonChart): Promise<string | undefined> {
  const found = await chart.read();
  if (found.kind === "foreign") throw foreignChart(chart.path);
  return found.kind === "ours" ? found.text : undefined;
}

function foreignChart(path: string): AppError {
  return new AppError(
    `output.file: ${path} was not written by portolan and is not overwritten; move it away, or name another file with --output`,
    { code: "E_OUTPUT_FOREIGN", retryable: false, exitCode: EXIT_CODES.badSettings },
  );
}
