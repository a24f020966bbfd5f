import type { EventRow } from "../../api/resources/events.ts";
import { AppError } from "../../base/errors.ts";
import type { RoutePlace } from "./route-places.ts";

/** Something that happened, for those who follow it. What it says is put into words when it is asked for. */
export interface RecentEvent {
  readonly id: number;
  readonly atMs: number;
  readonly chart: string;
  /** Of one router or service; absent where it is about the chart. */
  readonly about?: {
    /** Its key is not needed: a router that has gone is none of the chart. */
    readonly place: Pick<RoutePlace, "section" | "name" | "router"> | undefined;
    /** The router's; absent where it is about the service alone. */
    readonly name?: string;
    readonly service: string | undefined;
  };
  /** The publication that it came with. */
  readonly publication?: NonNullable<EventRow["publication"]>;
  tell(): Pick<EventRow, "event" | "message">;
}

/**
 * The latest events of all charts, one list for all clients: one that is slow, or comes late, misses some and costs nothing.
 * Not more than a few clients wait at a time.
 */
export interface RecentEvents {
  add(event: Omit<RecentEvent, "id">): void;
  /** An id for something beside the events, in one order with theirs. */
  takeId(): number;
  /** Those behind an id that are still known, the oldest first. */
  after(id: number): { readonly events: readonly RecentEvent[]; readonly last: number; readonly isComplete: boolean };
  /** Resolves when something is added, or when the time is over. Throws AppError (E_API_BUSY) where too many wait. */
  next(waitMs: number): Promise<void>;
}

export interface RecentEventsOptions {
  /** Ids are greater than this: those of the process before were smaller. */
  readonly startedAtMs: number;
  readonly most?: number;
  readonly mostWaiting?: number;
  /** Called when something is added. */
  added?(): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function createRecentEvents({
  startedAtMs,
  most = 500,
  mostWaiting = 16,
  added = () => {},
  sleep,
}: RecentEventsOptions): RecentEvents {
  const kept: RecentEvent[] = [];
  let last = startedAtMs;
  /** All behind it are kept. */
  let keptBehind = startedAtMs;
  const waiting = new Set<AbortController>();
  return {
    add(event) {
      last += 1;
      kept.push({ ...event, id: last });
      if (kept.length > 2 * most) keptBehind = kept.splice(0, kept.length - most).at(-1)?.id ?? keptBehind;
      for (const one of waiting) one.abort();
      added();
    },
    takeId() {
      last += 1;
      return last;
    },
    after(id) {
      const known = kept.slice(-most);
      // A client that asks for the first time has missed nothing.
      const isComplete = id === 0 || id >= (kept.at(-most - 1)?.id ?? keptBehind);
      return { events: known.filter((event) => event.id > id), last, isComplete: isComplete && id <= last };
    },
    async next(waitMs) {
      if (waiting.size >= mostWaiting) {
        throw new AppError(`${mostWaiting} clients wait for events already; ask again later, or without wait`, {
          code: "E_API_BUSY",
          retryable: true,
        });
      }
      const woken = new AbortController();
      waiting.add(woken);
      try {
        await sleep(waitMs, woken.signal);
      } finally {
        waiting.delete(woken);
      }
    },
  };
}
