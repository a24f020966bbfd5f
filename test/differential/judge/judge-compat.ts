import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Answer, Oracle } from "../../support/oracle.ts";
import type { CatalogCase } from "../generators/catalogs.ts";
import type { World } from "../worlds/world.ts";
import { drawChart } from "./chart.ts";
import { asChart, canonical, describeDifference, differences } from "./compare.ts";
import { withoutDeviations } from "./deviations.ts";
import type { Judgement } from "./judge.ts";
import { undecidedReason } from "./undecided.ts";

/** Compares what Traefik's provider makes of a catalog with what Traefik's file provider makes of portolan's chart. */
export async function judgeCompat(
  candidate: CatalogCase,
  instances: readonly ServiceInstance[],
  world: World,
  oracle: Oracle,
): Promise<Judgement> {
  const reason = undecidedReason(candidate, world.catalog);
  if (reason !== undefined) return { kind: "undecided", reason };
  const chart = drawChart(instances, candidate.options, { compat: "traefik" });
  if (chart.kind === "refused") return chart;
  if (chart.kind === "failed") return { kind: "disagreed", differences: [chart.message], config: {}, text: "" };

  const comparable = withoutDeviations(candidate, world.catalog);
  if (comparable !== candidate) world.fill(comparable);
  const { text } = chart.decision;
  const [builtin, loaded] = await Promise.all([
    world.question(candidate.options).then((question) => oracle.ask(question)),
    oracle.ask({ op: "file", text }),
  ]);
  return compare(builtin, loaded, text);
}

function compare(builtin: Answer, loaded: Answer, text: string): Judgement {
  const config = builtin.config === undefined ? {} : asChart(builtin.config);
  const found = disagreements(builtin, loaded);
  if (found.length > 0) return { kind: "disagreed", differences: found, config, text };
  return { kind: "agreed", config, shown: [] };
}

/** Where what Traefik's provider sends for a catalog is not what its file provider reads from the chart, for people. */
export function disagreements(builtin: Answer, loaded: Answer): readonly string[] {
  const found: string[] = [];
  if (builtin.config === undefined) found.push(`Traefik's provider fails: ${builtin.error ?? builtin.panic}`);
  if (loaded.config === undefined) found.push(`Traefik refuses the chart: ${loaded.error ?? loaded.panic}`);
  else found.push(...differences(asChart(builtin.config ?? {}), canonical(loaded.config)).map(describeDifference));
  return found;
}
