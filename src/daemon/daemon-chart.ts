import { AppError, EXIT_CODES } from "../base/errors.ts";
import type { DynamicConfig } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import type { PublishedChart } from "../observe/observer.ts";

/** The published file. */
export interface DaemonChart {
  readonly path: string;
  read(): Promise<{ kind: "absent" | "empty" | "foreign" } | { kind: "ours"; text: string }>;
  publish(text: string): Promise<PublishedChart>;
}

/**
 * What the file on disk says; undefined where there is none, or none that can be parsed. Throws AppError
 * (E_OUTPUT_FOREIGN) where portolan did not write the file: it is not overwritten.
 */
export async function readPublished(chart: DaemonChart): Promise<DynamicConfig | undefined> {
  const found = await chart.read();
  if (found.kind === "foreign") throw foreignChart(chart.path);
  return found.kind === "ours" ? parseChart(found.text) : undefined;
}

function foreignChart(path: string): AppError {
  return new AppError(
    `output.file: ${path} was not written by portolan and is not overwritten; move it away, or name another file with --output`,
    { code: "E_OUTPUT_FOREIGN", retryable: false, exitCode: EXIT_CODES.badSettings },
  );
}
