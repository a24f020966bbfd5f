import type { HoldsAnswer } from "../../api/resources/holds.ts";
import { rulesOf } from "../../core/removals/hold.ts";
import { routerLabel } from "../../core/traefik/chart/dynamic-config.ts";
import { holdReason } from "../log/hold-reason.ts";
import type { NamedChart } from "./charts-asked.ts";
import { isoTime } from "./times.ts";

/** What is held in each chart, in the words of the log. */
export function holdsView(charts: readonly NamedChart[]): HoldsAnswer {
  return {
    holds: charts.flatMap(({ name, status }) =>
      status.holds.map((hold) => ({
        chart: name,
        catalog: hold.catalogName ?? null,
        kind: hold.kind,
        why: holdReason(hold),
        since: new Date(hold.sinceMs).toISOString(),
        ends: isoTime(hold.endsAtMs),
        isReleasable: rulesOf(hold).isReleasable,
        routers: hold.routers.map(routerLabel),
      })),
    ),
  };
}
