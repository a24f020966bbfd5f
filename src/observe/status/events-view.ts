import type { EventRow, EventsAnswer, EventsQuery } from "../../api/resources/events.ts";
import { hostName } from "../../core/traefik/rule-reach/matcher-reach.ts";
import type { RecentEvent, RecentEvents } from "./recent-events.ts";
import { isOfHost, matchesOf } from "./route-places.ts";
import { isServiceNamed } from "./routes-view.ts";

/**
 * What happened behind an id; where nothing did that is asked for, waits for it. Throws AppError (E_API_BUSY) where too many
 * clients wait.
 */
export async function eventsView(recent: RecentEvents, query: EventsQuery, nowMs: () => number): Promise<EventsAnswer> {
  const untilMs = nowMs() + query.wait * 1_000;
  for (;;) {
    const { events, last, isComplete } = recent.after(query.after);
    const found = events.filter((event) => isAsked(event, query));
    const waitMs = untilMs - nowMs();
    if (found.length === 0 && isComplete && waitMs > 0) {
      await recent.next(waitMs);
      continue;
    }
    return {
      events: found.slice(-query.limit).map(eventRow),
      last,
      isComplete: isComplete && found.length <= query.limit,
    };
  }
}

const MOST_HOSTS = 50;

/** An event as it is told. */
export function eventRow({ id, atMs, chart, about, publication, tell }: RecentEvent): EventRow {
  return {
    id,
    at: new Date(atMs).toISOString(),
    chart,
    ...tell(),
    router: about?.name ?? null,
    service: about?.service ?? null,
    hosts: about?.place === undefined ? [] : matchesOf(about.place).hosts.slice(0, MOST_HOSTS),
    publication: publication ?? null,
  };
}

function isAsked({ chart, about }: RecentEvent, { host, service, router, chart: wanted }: EventsQuery): boolean {
  if (wanted !== undefined && chart !== wanted) return false;
  if (about === undefined) return true;
  const { place, name } = about;
  return (
    (router === undefined || name === router || place?.name === router) &&
    (service === undefined ||
      place?.router["service"] === service ||
      (about.service !== undefined && isServiceNamed(about.service, service))) &&
    (host === undefined || (place !== undefined && isOfHost(place, hostName(host))))
  );
}
