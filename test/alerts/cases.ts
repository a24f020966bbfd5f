import type { AlertCase } from "./promtool.ts";
import { LB_1, LB_1_SECOND, LB_2, restarted, type Target, WELL } from "./scraped.ts";
import { always, FOR_EVER, rising, type Stretch, timeline } from "./timeline.ts";

/** Something is well for five minutes, and not from then on. */
const AT = 5;

const MAIN = '{edge="main"}';
const STANDBY: Target = {
  ...WELL,
  portolan_ready: always(0),
  ...ofBothCharts("ready", always(0)),
  ...ofBothCharts("standby", always(1)),
};

/** Without answers from the fifth minute on. */
const DEAD: Target = dead(FOR_EVER);

function dead(minutes: number): Target {
  return Object.fromEntries(
    Object.entries(WELL).map(([key, series]) => {
      const value = Number.parseFloat(series);
      const gone: Stretch = [key === "up" ? 0 : undefined, minutes];
      return [key, timeline([value, AT], gone, [value, FOR_EVER])];
    }),
  );
}

function ofBothCharts(name: string, series: string): Target {
  return { [`portolan_chart_${name}{edge="main"}`]: series, [`portolan_chart_${name}{edge="public"}`]: series };
}

/** Well but for this. */
function but(target: Target): Target {
  return { ...WELL, ...target };
}

/** From the fifth minute on for so long, and as before after that. */
function turns(before: number, then: number, minutes = FOR_EVER): string {
  return timeline([before, AT], [then, minutes], [before, FOR_EVER]);
}

function alone(target: Target): AlertCase["targets"] {
  return [[LB_1, target]];
}

const catalogAway = (minutes = FOR_EVER) =>
  but({
    'portolan_source_up{source="consul"}': turns(1, 0, minutes),
    portolan_ready: turns(1, 0, minutes),
    ...ofBothCharts("ready", turns(1, 0, minutes)),
  });

/** One of two catalogs, which does not count for readiness. */
const oneOfTwoAway = (minutes = FOR_EVER) => but({ 'portolan_source_up{source="lab"}': turns(1, 0, minutes) });

/** Not ready for one chart, for a reason that has an alert of its own. */
const unready = (reason: Target, minutes = FOR_EVER) =>
  but({ portolan_ready: turns(1, 0, minutes), [`portolan_chart_ready${MAIN}`]: turns(1, 0, minutes), ...reason });

const held = (kind: string, routers: number, series: Partial<{ end: string; minutes: number }> = {}) =>
  but({
    [`portolan_chart_routers_held{edge="main",kind="${kind}"}`]: turns(0, routers, series.minutes),
    ...(series.end === undefined
      ? {}
      : { [`portolan_chart_holds_end_timestamp_seconds{edge="main",kind="${kind}"}`]: series.end }),
  });

/** When a hold ends that begins in the fifth minute, as seconds since the epoch, which is when a case begins. */
const endsAfter = (minutes: number, shown: number) =>
  timeline([undefined, AT], [60 * (AT + minutes), shown], [undefined, FOR_EVER]);

const rolledBack = (sinceS: number) => but({ [`portolan_chart_rollback_timestamp_seconds${MAIN}`]: always(sinceS) });

const diagnostics = (series: string) =>
  but({ 'portolan_chart_diagnostics{edge="main",code="TAG_BAD_VALUE",severity="error"}': series });

/** Ninety of a hundred changes are counted up to the bound. */
const lag = (name: string, fastAMinute: number, slowAMinute: number, bound: string, next: string): Target => ({
  [`${name}_bucket{edge="main",le="${bound}"}`]: rising(0, fastAMinute, FOR_EVER),
  [`${name}_bucket{edge="main",le="${next}"}`]: rising(0, fastAMinute + slowAMinute, FOR_EVER),
  [`${name}_bucket{edge="main",le="+Inf"}`]: rising(0, fastAMinute + slowAMinute, FOR_EVER),
  [`${name}_count{edge="main"}`]: rising(0, fastAMinute + slowAMinute, FOR_EVER),
});

const traefikOn = (node: string) => ({ [`up{job="traefik",instance="${node}:9100",node="${node}"}`]: always(1) });

/** Each alert with a case in which it fires after its time, alone; and those in which none may. */
export const CASES: readonly AlertCase[] = [
  fires("PortolanDown", 14, alone(DEAD)),
  fires("PortolanDown", 14, [
    [LB_1, DEAD],
    [LB_2, WELL],
  ]),
  silent("a restart", alone(restarted(WELL, AT, 1))),
  silent("a deployment that takes long", alone(restarted(WELL, AT, 8))),
  silent("a fresh start", alone(restarted(WELL, 0.25, 0.25))),
  silent("a portolan that stands by beside one that writes", [
    [LB_1, WELL],
    [LB_1_SECOND, STANDBY],
  ]),
  silent("a deployment, in which the one that stands by takes over", [
    [LB_1, restarted(WELL, AT, 5)],
    [LB_1_SECOND, takesOver()],
  ]),

  { ...fires("PortolanAbsent", 14, []), fires: ["PortolanAbsent"] },

  fires("PortolanNotReady", 9, alone(catalogAway())),
  fires(
    "PortolanNotReady",
    9,
    alone(but({ portolan_ready: turns(1, 0), [`portolan_chart_ready${MAIN}`]: turns(1, 0) })),
  ),
  silent("a catalog that is away for a moment", alone(catalogAway(4))),
  fires("PortolanNotReady", 3, alone(restartedAgainAndAgain()), ["PortolanRestarting"], 20),

  fires("PortolanSourceAway", 34, alone(oneOfTwoAway())),
  silent("one of two catalogs is upgraded", alone(oneOfTwoAway(20))),

  fires("PortolanBlind", 14, alone(but({ 'portolan_source_blind{source="consul"}': turns(0, 1) }))),
  silent("an election", alone(but({ 'portolan_source_blind{source="consul"}': turns(0, 1, 2) }))),
  silent(
    "a token that never saw everything",
    alone(but({ 'portolan_source_signs{source="consul",reason="filtered"}': always(1) })),
  ),

  fires("PortolanHoldEnding", 7, alone(held("catalog-reset", 40, { end: endsAfter(5, 5), minutes: 5 })), [], 11),
  silent(
    "a catalog that was reset, whose services register again",
    alone(held("catalog-reset", 40, { end: endsAfter(5, 2), minutes: 2 })),
  ),
  silent("few services do not come back", alone(held("catalog-reset", 5, { end: endsAfter(5, 5), minutes: 5 }))),
  silent(
    "many services are taken away, and the catalog confirms it",
    alone(held("mass-removal", 40, { end: endsAfter(0.25, 0.25), minutes: 0.25 })),
  ),
  fires("PortolanHoldEnding", 5.25, alone(held("mass-removal", 40, { end: endsAfter(0.25, 20), minutes: 20 })), [], 20),

  fires("PortolanUnwritable", 7, alone(unready({ [`portolan_chart_unwritable${MAIN}`]: turns(0, 1) }))),
  silent(
    "a disk that is full for a moment",
    alone(unready({ [`portolan_chart_unwritable${MAIN}`]: turns(0, 1, 2) }, 2)),
  ),
  fires("PortolanDirectoryRefused", 9, alone(unready({ [`portolan_chart_directory_refused${MAIN}`]: turns(0, 1) }))),
  silent(
    "a file beside the chart that is edited",
    alone(unready({ [`portolan_chart_directory_refused${MAIN}`]: turns(0, 1, 3) }, 3)),
  ),
  fires("PortolanUntaken", 9, alone(unready({ [`portolan_traefik_taken${MAIN}`]: turns(1, 0) }))),
  silent("a restart of Traefik", alone(unready({ [`portolan_traefik_taken${MAIN}`]: turns(1, 0, 3) }, 3))),
  fires(
    "PortolanTraefikUnseen",
    34,
    alone(but({ [`portolan_traefik_up${MAIN}`]: turns(1, 0), [`portolan_traefik_taken${MAIN}`]: turns(1, 0) })),
  ),
  silent("Traefik is replaced", alone(but({ [`portolan_traefik_up${MAIN}`]: turns(1, 0, 10) }))),

  fires("PortolanStandbyWithoutWriter", 9, [
    [LB_1, DEAD],
    [LB_1_SECOND, STANDBY],
  ]),
  silent("two nodes, of which one has a second portolan", [
    [LB_1, WELL],
    [LB_1_SECOND, STANDBY],
    [LB_2, WELL],
  ]),
  // The writer of another node is none of this chart.
  fires("PortolanStandbyWithoutWriter", 9, [
    [LB_1, DEAD],
    [LB_1_SECOND, STANDBY],
    [LB_2, WELL],
  ]),

  fires("PortolanRedundancyLost", 34, [
    [LB_1, WELL],
    [LB_1_SECOND, DEAD],
  ]),
  // The one that is left is in trouble itself: one page, by what it says, and the ticket for the other.
  fires(
    "PortolanNotReady",
    9,
    [
      [LB_1, catalogAway()],
      [LB_1_SECOND, DEAD],
    ],
    ["PortolanRedundancyLost"],
    40,
  ),
  silent("the second portolan of a node is replaced", [
    [LB_1, WELL],
    [LB_1_SECOND, dead(20)],
  ]),

  {
    ...fires("PortolanMissingOnEdge", 29, alone(WELL)),
    beside: { ...traefikOn("lb-1"), ...traefikOn("lb-2") },
    fires: ["PortolanMissingOnEdge lb-2"],
  },
  { ...silent("a Traefik on each node of portolan's", alone(WELL)), beside: traefikOn("lb-1") },

  { ...fires("PortolanWithoutNode", 29, [[{ ...LB_1, node: "" }, WELL]]), fires: ["PortolanWithoutNode"] },

  fires("PortolanRestarting", 5, alone(restartsEach(6)), [], 60),
  silent("two restarts in an hour", alone(restartsEach(30))),

  fires("PortolanRolledBack", 10, alone(rolledBack(-86_400 + 11 * 60))),
  silent("a rollback of today", alone(rolledBack(-3_600))),

  fires("PortolanHeld", 64, alone(held("settings-change", 2))),
  silent("what is held while an operator looks at it", alone(held("settings-change", 2, { minutes: 50 }))),

  fires("PortolanDiagnosticsRising", 75, alone(diagnostics(timeline([7, 61], [40, FOR_EVER]))), [], 80),
  silent("single mistakes of tenants", alone(diagnostics(timeline([7, 61], [12, FOR_EVER])))),
  silent("errors while a deployment lasts", alone(diagnostics(timeline([7, 61], [40, 10], [7, FOR_EVER])))),
  silent("many errors that have been there for ever", alone(diagnostics(always(400)))),
  silent("many errors from the first start on", alone(restarted(diagnostics(always(400)), 0.25, 0.25))),

  fires("PortolanMemoryShort", 19, alone(but({ portolan_memory_short: turns(0, 1) }))),
  silent("memory that was short for some minutes", alone(but({ portolan_memory_short: turns(0, 1, 5) }))),
  fires("PortolanSettingsRefused", 19, alone(but({ portolan_settings_refused: turns(0, 1) }))),
  silent("a reload that is mended", alone(but({ portolan_settings_refused: turns(0, 1, 10) }))),
  fires("PortolanStateUnsaved", 19, alone(but({ [`portolan_chart_state_unsaved${MAIN}`]: turns(0, 1) }))),
  silent("a state that is stored again", alone(but({ [`portolan_chart_state_unsaved${MAIN}`]: turns(0, 1, 10) }))),

  fires("PortolanTraefikFlaws", 19, alone(but({ 'portolan_traefik_flaws{edge="main",kind="disabled"}': turns(0, 2) }))),
  silent(
    "Traefik lacks things for a moment",
    alone(but({ 'portolan_traefik_flaws{edge="main",kind="missing"}': turns(0, 9, 5) })),
  ),

  fires("PortolanSourceFailing", 29, alone(failing(rising(3, 4, FOR_EVER)))),
  silent(
    "a catalog's upgrade, in which some requests fail",
    alone(failing(`${rising(3, 4, 20)} ${timeline([83, FOR_EVER])}`)),
  ),

  fires(
    "PortolanChangesMissed",
    5,
    alone(but({ 'portolan_source_missed_changes_total{source="consul"}': timeline([0, 6], [2, FOR_EVER]) })),
    [],
    30,
  ),

  fires("PortolanSlow", 34, alone(but(lag("portolan_chart_lag_seconds", 1, 1, "0.5", "5")))),
  silent("a single slow publication", alone(but(lag("portolan_chart_lag_seconds", 0, 0.05, "0.5", "5")))),
  silent("quick publications", alone(but(lag("portolan_chart_lag_seconds", 9, 0, "0.5", "5")))),
  fires("PortolanTraefikSlow", 34, alone(but(lag("portolan_traefik_lag_seconds", 1, 1, "3", "60")))),
  silent("Traefik takes two seconds", alone(but(lag("portolan_traefik_lag_seconds", 9, 0, "3", "60")))),

  fires(
    "PortolanPortsContested",
    64,
    alone(but({ 'portolan_ports{class="infrastructure",status="Squatted"}': turns(0, 1) })),
  ),
  silent(
    "a squatter that leaves",
    alone(but({ 'portolan_ports{class="infrastructure",status="Squatted"}': turns(0, 1, 40) })),
  ),
];

function fires(
  alert: string,
  quietFor: number,
  targets: AlertCase["targets"],
  others: readonly string[] = [],
  until = quietFor + 5,
): AlertCase {
  return {
    name: `${alert} after ${quietFor} minutes`,
    targets,
    quietFor,
    until,
    fires: [alert, ...others].map((one) => `${one} lb-1`),
  };
}

function silent(name: string, targets: AlertCase["targets"]): AlertCase {
  return { name, targets, quietFor: 1, until: 80, fires: [] };
}

/** It stands by until the other one ends, and writes from then on. */
function takesOver(): Target {
  const standby: Stretch = [1, AT];
  return {
    ...WELL,
    portolan_ready: timeline([0, AT], [1, FOR_EVER]),
    ...ofBothCharts("ready", timeline([0, AT], [1, FOR_EVER])),
    ...ofBothCharts("standby", timeline(standby, [0, FOR_EVER])),
  };
}

/** A new process every so many minutes. */
function restartsEach(minutes: number): Target {
  const starts = Array.from({ length: 10 }, (_, position): Stretch => [1_000 + position, minutes]);
  return but({ process_start_time_seconds: timeline(...starts) });
}

/** A process that ends before it is ready. */
function restartedAgainAndAgain(): Target {
  const never = always(0);
  return { ...restartsEach(1), portolan_ready: never, ...ofBothCharts("ready", never) };
}

function failing(series: string): Target {
  return but({ 'portolan_source_errors_total{source="consul",code="E_CATALOG_DENIED"}': series });
}
