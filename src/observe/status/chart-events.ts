import type { EventRow } from "../../api/resources/events.ts";
import type { Clock } from "../../base/clock.ts";
import { count } from "../../base/count.ts";
import { type RouteChange, sectionOfChange } from "../../core/changes/route-change.ts";
import { countRouters, type DynamicConfig, resourceKey, routerLabel } from "../../core/traefik/chart/dynamic-config.ts";
import type { ChartedPass } from "../charted-pass.ts";
import type { ChartListener } from "../fan-out.ts";
import { createDiagnosticLog } from "../log/chart/diagnostic-log.ts";
import { createDirectoryLog } from "../log/chart/directory-log.ts";
import { createHoldLog } from "../log/chart/hold-log.ts";
import { createRollbackLog } from "../log/chart/rollback-log.ts";
import { createTraefikLog } from "../log/chart/traefik-log.ts";
import { createWriterLog } from "../log/chart/writer-log.ts";
import type { EventLog } from "../log/event-log.ts";
import type { EventName } from "../log/events.ts";
import { routeLine } from "../log/route-line.ts";
import type { RecentEvent, RecentEvents } from "./recent-events.ts";

/** More of one pass are not worth keeping: the next would drop them. */
const MOST_OF_PASS = 500;
/** So many findings of one pass, so that a service with a hundred faults drives out no more of what happened. */
const MOST_FINDINGS = 20;

/** What is not told beside the routes: that Traefik's API answers is no event of the chart's, nor is what is only worth knowing. */
const UNTOLD: ReadonlySet<EventName> = new Set(["source.unconfirmed", "traefik.read", "traefik.unread"]);

/** Hands what happens to one chart and its routes to those who follow it, in the words of the log. */
export function createChartEvents(
  recent: RecentEvents,
  { chart, output, nowMs }: { readonly chart: string; readonly output: string } & Pick<Clock, "nowMs">,
): ChartListener {
  let publication: EventRow["publication"] = null;
  let generation = 0;
  let findings = 0;
  let before: DynamicConfig | undefined;

  function add(event: Pick<RecentEvent, "about" | "tell">): void {
    recent.add({ atMs: nowMs(), chart, ...event, ...(publication && { publication }) });
  }

  const log: EventLog = {
    emit(event, message, data) {
      if (UNTOLD.has(event) || data?.["severity"] === "info") return;
      if (event.startsWith("diagnostic.") && event !== "diagnostic.untold") {
        findings += 1;
        if (findings > MOST_FINDINGS) return;
      }
      const service = serviceIn(data);
      const about = service === undefined ? {} : { about: { place: undefined, service } };
      add({ ...about, tell: told(event, message) });
    },
    setLevel() {},
  };

  /** Tells what is found by one look, and how much more there is than is told. */
  function withFindings(look: () => void): void {
    findings = 0;
    look();
    const more = findings - MOST_FINDINGS;
    if (more <= 0) return;
    const message = `${count(more, "more diagnostic")} came or went: see portolan diagnostics`;
    add({ tell: told("diagnostic.untold", message) });
  }

  const diagnostics = createDiagnosticLog(log);
  const { held, released } = createHoldLog(log);
  const { traefikRead } = createTraefikLog(log, { nowMs });

  function charted(pass: ChartedPass): void {
    const { decision, published, hash } = pass;
    if (published.didWrite) generation += 1;
    publication = published.didWrite ? { generation, hash } : null;
    for (const change of decision.changes.slice(-MOST_OF_PASS)) {
      add({
        about: aboutRouter(change, decision.chart, before),
        tell: lineOf(change),
      });
    }
    if (published.didWrite && decision.changes.length === 0) {
      const message = `${output} replaced without a change of any router: ${count(countRouters(decision.chart), "router")}`;
      add({ tell: told("chart.published", message) });
    }
    withFindings(() => diagnostics.report(pass));
    publication = null;
    before = decision.chart;
  }

  return {
    held,
    released,
    ...createRollbackLog(log, output),
    ...createWriterLog(log, output),
    ...createDirectoryLog(log, output),
    traefikRead: (report) => withFindings(() => traefikRead(report)),
    charted,
  };
}

/*
 * What is kept of an event must not keep its pass, with all its snapshots: a function that is made within `charted` would.
 */
function told(event: EventName, message: string): RecentEvent["tell"] {
  return () => ({ event, message });
}

function lineOf(change: RouteChange): RecentEvent["tell"] {
  return () => {
    const { event, message } = routeLine(change);
    return { event, message };
  };
}

/** The service of the catalog that a diagnostic is about. */
function serviceIn(data: Parameters<EventLog["emit"]>[2]): string | undefined {
  const subject: unknown = data?.["subject"];
  if (typeof subject !== "object" || subject === null || !("service" in subject)) return undefined;
  const { service } = subject;
  return typeof service === "string" && service !== "" ? service : undefined;
}

/** The router as it is, or as it was before it went. */
function aboutRouter(
  change: RouteChange,
  chart: DynamicConfig,
  before: DynamicConfig | undefined,
): NonNullable<RecentEvent["about"]> {
  const { router: name, service } = change;
  const section = sectionOfChange(change);
  if (section === undefined) return { name, service, place: undefined };
  const router = chart[section].get(name) ?? before?.[section].get(name);
  const place = router === undefined ? undefined : { section, name, router };
  return { name: routerLabel(resourceKey(section, name)), service, place };
}
