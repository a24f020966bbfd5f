import { isContested, type StatusChange, statusChanges } from "../../core/ports/inventory/port-statuses.ts";
import { ownerName } from "../../core/ports/ledger/owner.ts";
import { holders, type PortSurvey, portStateAt } from "../../core/ports/survey.ts";
import type { PortSurveyObserver } from "../observer.ts";
import type { EventLog } from "./event-log.ts";

/** More of one survey are counted and not told: a ledger that was changed may concern them all. */
const MOST_LINES = 20;

/** What the log, and those who follow what happens, are told of ports that stand otherwise than before. */
export function createPortStatusLog(log: EventLog): PortSurveyObserver {
  let before: PortSurvey | undefined;
  let unread = new Set<string>();
  return {
    portsSurveyed(survey) {
      unread = new Set();
      const changes = survey === undefined ? [] : statusChanges(before, survey);
      before = survey;
      if (survey === undefined) return;
      for (const change of changes.slice(0, MOST_LINES)) tell(log, change, survey);
      const more = changes.slice(MOST_LINES);
      if (more.length === 0) return;
      const event = more.some(({ now }) => isContested(now)) ? "ports.contested" : "ports.status";
      log.emit(event, `${more.length} more ports stand otherwise than before: see portolan ports`, {
        more: more.length,
      });
    },
    portsUnsurveyed(catalog, { code, message }) {
      if (unread.has(`${catalog} ${code}`)) return;
      unread.add(`${catalog} ${code}`);
      const trouble = `${catalog}: the ports of all services cannot be held against the ledger: ${message}`;
      log.emit("ports.unsurveyed", `${trouble}; what was known stays, trying again`, { source: catalog, code });
    },
  };
}

function tell(log: EventLog, change: StatusChange, survey: PortSurvey): void {
  const { place, class: portClass, before, now, registrations } = change;
  const { port, protocol, node } = place;
  const by = holders(registrations);
  const owners = [...new Set(portStateAt(survey, place).entries.map(ownerName))];
  const declared = owners.length === 0 ? "" : `, declared for ${owners.join(" and ")}`;
  const held = by.length === 0 ? "registered by no service" : `registered by ${by.join(", ")}`;
  log.emit(
    isContested(now) ? "ports.contested" : "ports.status",
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
