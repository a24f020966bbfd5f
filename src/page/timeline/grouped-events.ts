import type { EventRow } from "../../api/resources/events.ts";
import type { VersionRow } from "../../api/resources/history.ts";
import { EVENT_KINDS, type EventKind, kindOf } from "./event-kinds.ts";

/** What came with one publication of a chart, or with none. */
export interface EventGroup {
  readonly key: string;
  readonly chart: string;
  readonly publication: EventRow["publication"];
  /** The version of the chart that is kept of it. */
  readonly version: number | undefined;
  /** The newest first. */
  readonly events: readonly EventRow[];
}

/** What happened within one minute. */
export interface Minute {
  /** The minute's beginning, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly groups: readonly EventGroup[];
}

const MINUTE_MS = 60_000;

/** The newest first. @param events the oldest first, as they are told */
export function minutesOf(events: readonly EventRow[], versions: readonly VersionRow[]): readonly Minute[] {
  const minutes: { startMs: number; groups: (EventGroup & { events: EventRow[] })[] }[] = [];
  for (const event of events.toReversed()) {
    const startMs = Math.floor(Date.parse(event.at) / MINUTE_MS) * MINUTE_MS;
    let minute = minutes.at(-1);
    if (minute?.startMs !== startMs) {
      minute = { startMs, groups: [] };
      minutes.push(minute);
    }
    const { chart, publication } = event;
    const before = minute.groups.at(-1);
    // What came with one publication was told at one time, one behind the other.
    if (before !== undefined && before.chart === chart && before.publication?.generation === publication?.generation) {
      before.events.push(event);
      continue;
    }
    const version = publication === null ? undefined : versionOf(versions, event, publication.hash);
    minute.groups.push({ key: String(event.id), chart, publication, version, events: [event] });
  }
  return minutes;
}

/** The version that is kept of a publication. One that is as an earlier one has its hash, too: the nearest in time is meant. */
function versionOf(versions: readonly VersionRow[], { chart, at }: EventRow, hash: string): number | undefined {
  const distanceMs = ({ publishedAt }: VersionRow) => Math.abs(Date.parse(publishedAt) - Date.parse(at));
  return versions
    .filter((version) => version.chart === chart && version.hash.startsWith(hash))
    .toSorted((one, other) => distanceMs(one) - distanceMs(other))[0]?.number;
}

/** How many events there are of each kind. */
export function kindCounts(
  events: readonly EventRow[],
): readonly { readonly kind: EventKind; readonly count: number }[] {
  const counts = new Map<EventKind, number>();
  for (const event of events) counts.set(kindOf(event), (counts.get(kindOf(event)) ?? 0) + 1);
  return EVENT_KINDS.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [{ kind, count }];
  });
}
