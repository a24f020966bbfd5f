import type { Metrics } from "../../../src/observe/metrics/registry.ts";

/** The lines of the exposition that are portolan's own, without help and types. */
export async function ownLines(metrics: Metrics): Promise<readonly string[]> {
  return (await metrics.text()).split("\n").filter((line) => line.startsWith("portolan_"));
}

/** The first line that begins so. */
export async function metric(metrics: Metrics, name: string): Promise<string | undefined> {
  return (await ownLines(metrics)).find((line) => line.startsWith(name));
}
