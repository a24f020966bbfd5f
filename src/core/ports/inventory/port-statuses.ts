import type { LedgerEntry } from "../ledger/ledger.ts";
import { PORT_CLASSES, type PortClass, portClass } from "../port-class.ts";
import type { Registration } from "../registration.ts";
import { type KnownPortPlace, PORT_STATUSES, type PortStatus, type PortSurvey, portStateAt } from "../survey.ts";
import { portTable } from "./port-table.ts";

/** So many ports of a class stand so. */
export interface StatusCount {
  readonly class: PortClass;
  readonly status: PortStatus;
  readonly ports: number;
}

/** How many ports of each class stand how, each class with each status. What stands alike on all other nodes counts once. */
export function statusCounts(survey: PortSurvey): readonly StatusCount[] {
  const counted = new Map<string, number>();
  for (const { class: own, status, ports } of portTable(survey)) {
    const key = `${own} ${status}`;
    counted.set(key, (counted.get(key) ?? 0) + ports.last - ports.first + 1);
  }
  return PORT_CLASSES.flatMap((own) =>
    PORT_STATUSES.map((status) => ({ class: own, status, ports: counted.get(`${own} ${status}`) ?? 0 })),
  );
}

/** A port that stands otherwise than before. */
export interface StatusChange {
  readonly place: KnownPortPlace;
  readonly class: PortClass;
  /** Undefined where it is not known: nothing was surveyed before. */
  readonly before: PortStatus | "Free" | undefined;
  readonly now: PortStatus | "Free";
  /** What holds it now. */
  readonly registrations: readonly Registration[];
  /** What the ledger says of it now. */
  readonly entries: readonly LedgerEntry[];
}

/**
 * What of the ports that are registered, or were, stands otherwise than at the survey before; without one, what is Squatted
 * or in Conflict. What the scheduler places and takes away, and what holds no port of a node, comes and goes without a word.
 */
export function statusChanges(before: PortSurvey | undefined, now: PortSurvey): readonly StatusChange[] {
  const places = new Map<string, Registration>();
  for (const survey of before === undefined ? [now] : [before, now]) {
    for (const [key, [first]] of survey.registrations) if (first !== undefined) places.set(key, first);
  }
  return [...places.values()].flatMap(({ port, protocol, node }) => {
    const place = { port, protocol, node };
    const earlier = before && portStateAt(before, place).status;
    const { status, registrations, entries } = portStateAt(now, place);
    const isNews = before === undefined ? isContested(status) : status !== earlier;
    if (!isNews || (isQuiet(earlier) && isQuiet(status))) return [];
    return [{ place, class: portClass(port, now.dynamic), before: earlier, now: status, registrations, entries }];
  });
}

/** Should an operator look at it? */
export function isContested(status: PortStatus | "Free"): boolean {
  return status === "Squatted" || status === "Conflict";
}

function isQuiet(status: PortStatus | "Free" | undefined): boolean {
  return status === undefined || status === "Free" || status === "Scheduled" || status === "Inside";
}
