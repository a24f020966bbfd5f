import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Oracle } from "../../support/oracle.ts";
import type { CatalogCase } from "../generators/catalogs.ts";
import { drawChart, type Meaning } from "./chart.ts";
import { explainDifferences } from "./chart-differences.ts";
import { findFlaws } from "./flaws.ts";
import type { Judgement } from "./judge.ts";

/** The window as it is set by default, and none, so that there is more to see behind it. */
const SETTINGS: readonly Omit<Meaning, "compat">[] = [{}, { dynamicPorts: "1-65535" }];

/** The oracle is a Traefik 3.6: what is for a later one is compared with itself only. */
const LATER: Omit<Meaning, "compat"> = { dynamicPorts: "1-65535", version: "3.7" };

/**
 * Judges the default mode: Traefik must take each chart and disable nothing in it, and it must differ from the chart of
 * `compat: traefik` only where a deviation explains it.
 */
export async function judgeDefault(
  { options }: CatalogCase,
  instances: readonly ServiceInstance[],
  oracle: Oracle,
): Promise<Judgement> {
  const shown = new Set<string>();
  for (const settings of [...SETTINGS, LATER]) {
    const charts = [
      drawChart(instances, options, { ...settings, compat: "traefik" }),
      drawChart(instances, options, { ...settings, compat: "none" }),
    ] as const;
    const [compat, byDefault] = charts;
    if (compat.kind !== "drawn") return outcomeOf(compat);
    if (byDefault.kind !== "drawn") return outcomeOf(byDefault);
    const { text } = byDefault.decision;
    const { unexplained, ids } = explainDifferences(instances, compat, byDefault);
    const flaws = settings === LATER ? undefined : await findFlaws(byDefault.decision, oracle);
    const differences = [...unexplained, ...(flaws?.described ?? [])].map((line) => `default mode: ${line}`);
    if (differences.length > 0) return { kind: "disagreed", differences, config: {}, text };
    for (const id of ids) shown.add(`deviation ${id}`);
    for (const id of flaws?.gaps ?? []) shown.add(`gap ${id}`);
  }
  return { kind: "agreed", config: {}, shown: [...shown] };
}

function outcomeOf(chart: Exclude<ReturnType<typeof drawChart>, { kind: "drawn" }>): Judgement {
  if (chart.kind === "refused") return chart;
  return { kind: "disagreed", differences: [`default mode: ${chart.message}`], config: {}, text: "" };
}
