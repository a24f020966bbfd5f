import { always, FOR_EVER, type Timeline, timeline } from "./timeline.ts";

/** What Prometheus has of one target: the series by name and labels, without those that the scrape job adds. */
export type Target = Readonly<Record<string, Timeline>>;

/** Where a target is. */
export interface Place {
  readonly instance: string;
  readonly node: string;
}

export const LB_1: Place = { instance: "192.168.11.11:9532", node: "lb-1" };
/** Another process on the same node, for the same chart. */
export const LB_1_SECOND: Place = { instance: "192.168.11.11:9632", node: "lb-1" };
export const LB_2: Place = { instance: "192.168.11.12:9532", node: "lb-2" };

const HOLD_KINDS = ["source-away", "blind", "catalog-reset", "mass-removal", "settings-change"];

/** A portolan that has run well for ever, with two charts and one catalog, and asks Traefik's API of its main chart. */
export const WELL: Target = {
  up: always(1),
  process_start_time_seconds: always(1_000),
  portolan_ready: always(1),
  portolan_settings_refused: always(0),
  portolan_memory_short: always(0),
  'portolan_source_up{source="consul"}': always(1),
  'portolan_source_blind{source="consul"}': always(0),
  'portolan_source_errors_total{source="consul",code="E_CATALOG_DENIED"}': always(3),
  'portolan_source_missed_changes_total{source="consul"}': always(0),
  'portolan_ports{class="infrastructure",status="Squatted"}': always(0),
  'portolan_ports{class="infrastructure",status="Reserved"}': always(9),
  'portolan_traefik_up{edge="main"}': always(1),
  'portolan_traefik_taken{edge="main"}': always(1),
  'portolan_traefik_flaws{edge="main",kind="disabled"}': always(0),
  'portolan_traefik_flaws{edge="main",kind="missing"}': always(0),
  'portolan_traefik_flaws{edge="main",kind="warning"}': always(1),
  ...ofChart("main"),
  ...ofChart("public"),
};

function ofChart(edge: string): Target {
  const chart = (name: string, labels = "") => `portolan_chart_${name}{edge="${edge}"${labels}}`;
  return {
    [chart("ready")]: always(1),
    [chart("standby")]: always(0),
    [chart("unwritable")]: always(0),
    [chart("state_unsaved")]: always(0),
    [chart("directory_refused")]: always(0),
    [chart("rolled_back")]: always(0),
    [chart("diagnostics", ',code="TAG_BAD_VALUE",severity="error"')]: always(7),
    [chart("diagnostics", ',code="PORT_SQUATTED",severity="warning"')]: always(1),
    ...Object.fromEntries(HOLD_KINDS.map((kind) => [chart("routers_held", `,kind="${kind}"`), always(0)])),
  };
}

/** Within a minute of its start a process has charted all that its catalogs say. */
const STARTING_MINUTES = 1;

/**
 * The same target, of steady values, as another process: it ends at `atMinutes`, does not answer for so long, is not ready for a
 * moment and lacks what only a pass can tell, and goes on as it was.
 */
export function restarted(target: Target, atMinutes: number, downMinutes: number): Target {
  return Object.fromEntries(
    Object.entries(target).map(([key, series]) => {
      const value = Number.parseFloat(series);
      const rest = FOR_EVER - atMinutes - downMinutes - STARTING_MINUTES;
      if (key === "up") return [key, timeline([1, atMinutes], [0, downMinutes], [1, rest])];
      const begins = key === "process_start_time_seconds" ? 60 * (atMinutes + downMinutes) : value;
      return [
        key,
        timeline(
          [value, atMinutes],
          [undefined, downMinutes],
          [startingValue(key, begins), STARTING_MINUTES],
          [begins, rest],
        ),
      ];
    }),
  );
}

function startingValue(key: string, value: number): number | undefined {
  if (/ready|source_up/.test(key)) return 0;
  return /^portolan_chart_(?!standby)|source_blind|^portolan_traefik/.test(key) ? undefined : value;
}

/** The name of a series with the labels that the scrape job gives. */
export function scrapedAs(key: string, { instance, node }: Place): string {
  const [, name = key, labels = ""] = /^(\w+)\{(.*)\}$/.exec(key) ?? [];
  const own = [`job="portolan"`, `instance="${instance}"`, ...(node === "" ? [] : [`node="${node}"`])];
  return `${name}{${[...own, ...(labels === "" ? [] : [labels])].join(",")}}`;
}
