import { useCallback, useEffect, useMemo } from "preact/hooks";
import { ROUTE_STATES } from "../../api/resources/words.ts";
import { count } from "../../base/count.ts";
import { addressOf, explainAddress } from "../addresses.ts";
import { HostRow, RouteRowView } from "../chart/chart-row.tsx";
import { chartRows, hostCount } from "../chart/chart-rows.ts";
import { parseFilter } from "../chart/filter.ts";
import { rowHeight } from "../chart/row-heights.ts";
import { whyEmpty } from "../chart/why-empty.ts";
import { useLive } from "../live/use-live.ts";
import { useAnnounce } from "../parts/announcer.tsx";
import { Badge } from "../parts/badge.tsx";
import { Empty } from "../parts/empty.tsx";
import { FilterField } from "../parts/filter-field.tsx";
import { Name } from "../parts/name.tsx";
import { withFieldWord } from "../parts/row-filter.ts";
import { STATE_TONES, STATE_WORDS } from "../parts/tones.ts";
import { useNarrow } from "../parts/use-narrow.ts";
import { ViewHeading } from "../parts/view-heading.tsx";
import { VirtualRows } from "../parts/virtual-rows.tsx";
import { replaceAddress } from "../shell/navigation.ts";
import type { ViewQuery } from "./view-query.ts";

/** Hosts, their routers, the services that these lead to, and the servers of those. */
export function ChartView({ query }: { readonly query: ViewQuery }) {
  const text = query["filter"] ?? "";
  const routes = useLive((known) => known.routes);
  const isNarrow = useNarrow();
  const { found, rows, heights } = useMemo(() => {
    const filter = parseFilter(text);
    const through = filter === undefined ? routes.rows : routes.rows.filter(filter);
    const all = chartRows(through);
    return { found: through, rows: all, heights: all.map((row) => rowHeight(row, isNarrow)) };
  }, [routes.rows, text, isNarrow]);
  const total = routes.total ?? 0;
  const onFilter = useCallback((filter: string) => replaceAddress("chart", { filter }), []);
  useCountTold(text, found.length, total);
  const isOfCharts = useMemo(() => routes.rows.some(({ chart }) => chart !== routes.rows[0]?.chart), [routes.rows]);
  return (
    <>
      <ViewHeading title="Chart">
        <FilterField
          value={text}
          label="Filter routes by host, path, service, router, node, job or state:…"
          placeholder="Filter: host, service, node, state:held …"
          onFilter={onFilter}
        />
        <p class="counts" hidden={routes.total === undefined}>
          {text === "" ? count(total, "route") : `${number(found.length)} of ${number(total)}`}
          {rows.length === 0 ? "" : `, ${count(hostCount(rows), "host")}`}
          {routes.isWhole || routes.total === undefined ? "" : `; ${number(routes.rows.length)} read so far`}
        </p>
        <StateCounts text={text} />
      </ViewHeading>
      {rows.length === 0 ? (
        <NoRoutes text={text} />
      ) : (
        <div class="chart" role="table" aria-label="Routes by host" aria-rowcount={rows.length + 1}>
          <div role="rowgroup" class="chart-head">
            <div role="row" aria-rowindex={1} class="chart-grid">
              {["Router", "Entry points", "Leads to", "State", "Servers"].map((head) => (
                <span role="columnheader" key={head}>
                  {head}
                </span>
              ))}
            </div>
          </div>
          <VirtualRows
            label="Routes"
            heights={heights}
            keyOf={(index) => rows[index]?.key ?? String(index)}
            row={(index, attributes) => {
              const row = rows[index];
              if (row === undefined) return null;
              if (row.kind === "host") return <HostRow row={row} attributes={attributes} />;
              return <RouteRowView route={row.route} hasChart={isOfCharts} attributes={attributes} />;
            }}
          />
        </div>
      )}
    </>
  );
}

/** How many routers are in each state, as links that show those. */
function StateCounts({ text }: { readonly text: string }) {
  const rows = useLive(({ routes }) => routes.rows);
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const { state } of rows) found.set(state, (found.get(state) ?? 0) + 1);
    return found;
  }, [rows]);
  const asked = /(?:^|\s)state:(\S+)/i.exec(text)?.[1]?.toLowerCase();
  const present = ROUTE_STATES.filter((state) => counts.has(state) || state === asked);
  if (present.length < 2 && asked === undefined) return null;
  return (
    <ul class="state-counts" aria-label="States">
      {present.map((state) => (
        <li key={state}>
          <a
            href={addressOf("chart", { filter: withFieldWord(text, "state", state === asked ? undefined : state) })}
            title={STATE_WORDS[state]}
            aria-current={state === asked ? "true" : undefined}
          >
            <Badge tone={STATE_TONES[state]}>
              {number(counts.get(state) ?? 0)} {state}
            </Badge>
          </a>
        </li>
      ))}
    </ul>
  );
}

function NoRoutes({ text }: { readonly text: string }) {
  const routes = useLive((known) => known.routes);
  const status = useLive((known) => known.status);
  const connection = useLive((known) => known.connection);
  const { title, sentences, isFiltered } = whyEmpty({ text, routes, status, connection, nowMs: Date.now() });
  const subject = text.trim();
  return (
    <Empty title={title}>
      {sentences.map((sentence) => (
        <p key={sentence}>
          <Name text={sentence} />
        </p>
      ))}
      {isFiltered ? (
        <p>
          <a href={addressOf("chart")}>Clear the filter</a>
          {/[:\s"]/.test(subject) ? null : (
            <>
              {" "}
              or{" "}
              <a href={explainAddress(subject)}>
                ask why <Name text={subject} /> is not routed
              </a>
            </>
          )}
        </p>
      ) : null}
    </Empty>
  );
}

/** Tells a screen reader how many rows a filter leaves, once the typing has stopped. */
function useCountTold(text: string, found: number, total: number): void {
  const announce = useAnnounce();
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => announce(`${found} of ${count(total, "route")}`), 800);
    return () => clearTimeout(timer);
    // What changes while nothing is typed is not told.
  }, [text, announce]);
}

/** A figure with its thousands apart: `5,000`. */
function number(value: number): string {
  return value.toLocaleString("en");
}
