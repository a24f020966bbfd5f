import { createMetrics } from "../../src/observe/metrics/registry.ts";

/** The labels that the scrape job gives, and that Prometheus adds to histograms. */
const GIVEN = ["job", "instance", "node", "le"];

/** Metrics that are not portolan's own: Prometheus's, and those of the process that prom-client brings. */
const OTHERS: Readonly<Record<string, readonly string[]>> = { up: [] };

/** What metrics there are when a process runs: by name, the labels. Histograms as Prometheus stores them. */
export async function knownMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const metrics = createMetrics();
  const { daemon, chartStates, charts, traefiks, sources, targets, ports } = metrics;
  const own = [daemon, chartStates, charts, traefiks, sources, targets, ports].flatMap(
    (families) => Object.values(families) as unknown as ReadonlyArray<{ name: string; labelNames: readonly string[] }>,
  );
  const known = new Map<string, readonly string[]>(Object.entries(OTHERS));
  for (const [, name = "", labels = ""] of (await metrics.text()).matchAll(
    /^((?:process|nodejs)_\w+)(?:\{(.*)\})? /gm,
  )) {
    known.set(
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
    );
  }
  for (const { name, labelNames } of own) {
    for (const suffix of ["", "_bucket", "_sum", "_count"]) known.set(name + suffix, labelNames);
  }
  return known;
}

/**
 * What an expression names that there is not: metrics, and labels that none of its metrics has. Empty where all is known.
 *
 * @param known as `knownMetrics` has it
 */
export function unknownIn(expr: string, known: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const bare = expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  const names = [...bare.matchAll(/\b(?:portolan|process|nodejs)_\w+|\bup\b/g)].map(([name]) => name);
  const labels = new Set([...GIVEN, ...names.flatMap((name) => known.get(name) ?? [])]);
  const named = [
    ...[...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = ""]) =>
      [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
    ),
    ...[...bare.matchAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g)].flatMap(
      ([, list = ""]) => list.split(",").map((label) => label.trim()),
    ),
  ].filter((label) => label !== "");
  return [...names.filter((name) => !known.has(name)), ...named.filter((label) => !labels.has(label))];
}
