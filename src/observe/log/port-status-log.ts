import { isContested, type StatusChange, statusChanges } from "../../core/ports/inventory/port-statuses.ts";
import { ownerName } from "../../core/ports/ledger/owner.ts";
import { holders, type PortSurvey } from "../../core/ports/survey.ts";
import type { PortSurveyObserver } from "../observer.ts";
import type { EventLog } from "./event-log.ts";
import type { EventName } from "./events.ts";

/**
 * More of one survey are counted and not told: a ledger that was changed may concern them all. What an operator should look at
 * comes first and is counted apart, so that nothing that a tenant registers beside it hides it.
 */
const MOST_LINES = 20;

type PortEvent = Extract<EventName, "ports.contested" | "ports.status">;

/**
 * What the log, and those who follow what happens, are told of ports that stand otherwise than before.
 *
 * @param follow is told of ports alone, not of catalogs that do not answer
 */
export function createPortStatusLog(
  log: Pick<EventLog, "emit">,
  follow: (event: EventName, message: string) => void = () => {},
): PortSurveyObserver {
  const emit: EventLog["emit"] = (event, message, data) => {
    log.emit(event, message, data);
    follow(event, message);
  };
  let before: PortSurvey | undefined;
  let unread = new Set<string>();
  return {
    portsSurveyed(survey) {
      unread = new Set();
      const changes = survey === undefined ? [] : statusChanges(before, survey);
      before = survey;
      const byEvent = Map.groupBy(changes, eventOf);
      for (const event of ["ports.contested", "ports.status"] as const) {
        const all = byEvent.get(event) ?? [];
        for (const change of all.slice(0, MOST_LINES)) tell(emit, event, change);
        const more = all.length - MOST_LINES;
        if (more > 0) emit(event, moreWords(event, more), { more });
      }
    },
    portsUnsurveyed(catalog, { code, message }) {
      if (unread.has(`${catalog} ${code}`)) return;
      unread.add(`${catalog} ${code}`);
      const trouble = `${catalog}: the ports of all services cannot be held against the ledger: ${message}`;
      log.emit("ports.unsurveyed", `${trouble}; what was known stays, trying again`, { source: catalog, code });
    },
  };
}

function eventOf({ now }: StatusChange): PortEvent {
  return isContested(now) ? "ports.contested" : "ports.status";
}

function moreWords(event: PortEvent, more: number): string {
  const how = event === "ports.contested" ? "are Squatted or in Conflict, and were not" : "stand otherwise than before";
  return `${more} more ports ${how}: see portolan ports`;
}

function tell(emit: EventLog["emit"], event: PortEvent, change: StatusChange): void {
  const { place, class: portClass, before, now, registrations, entries } = change;
  const { port, protocol, node } = place;
  const by = holders(registrations);
  const owners = [...new Set(entries.map(ownerName))];
  const declared = owners.length === 0 ? "" : `, declared for ${owners.join(" and ")}`;
  const held = by.length === 0 ? "registered by no service" : `registered by ${by.join(", ")}`;
  emit(
    event,
    `port ${port}/${protocol} on ${node} is ${now}${before === undefined ? "" : `, and was ${before}`}: ${held}${declared}`,
    {
      port,
      protocol,
      node,
      class: portClass,
      ...(before && { before }),
      status: now,
      holders: by,
      declaredFor: owners,
    },
  );
}
