import type { EventRow, EventsAnswer } from "../../api/resources/events.ts";
import { ReadError, type World } from "./world.ts";

/** So many events are kept, as the daemon does. */
const MOST_EVENTS = 500;
/** Between two tries, where the daemon answers and does not tell what happened. */
const RETRY_MS = 2_000;

/** What happened lately, as far as it is known. */
export interface Events {
  /** The latest, the oldest first. */
  readonly rows: readonly EventRow[];
  /** Whether what happened before the page was opened is among them. */
  readonly isRead: boolean;
  /** Why the last read failed, in words; undefined where it did not. */
  readonly error: string | undefined;
}

export const NO_EVENTS: Events = { rows: [], isRead: false, error: undefined };

export interface EventsReader {
  /** Reads what happened behind the last that was read; where a reading is under way, after it. */
  read(): void;
  /** Takes one that is told. */
  take(row: EventRow): void;
  /** @returns whether a reading was under way, whose answer is lost */
  stop(): boolean;
}

/** Keeps what happened: read, with what is told meanwhile put in. */
export function createEventsReader(
  world: World,
  tell: { set(events: Events): void; failed(error: unknown): void },
): EventsReader {
  let events = NO_EVENTS;
  /** Up to this id all has been read. What is told beyond it may have something missing before it. */
  let readUpTo = 0;
  /** Which reading counts: an earlier one that is still under way does not. */
  let reading = 0;
  let work: "none" | "under way" | "due again" = "none";
  let cancelRetry = () => {};

  function set(next: Events): void {
    events = next;
    tell.set(next);
  }

  function withRows(rows: readonly EventRow[]): readonly EventRow[] {
    const ids = new Set(events.rows.map(({ id }) => id));
    const news = rows.filter(({ id }) => !ids.has(id));
    if (news.length === 0) return events.rows;
    return [...events.rows, ...news].toSorted((one, other) => one.id - other.id).slice(-MOST_EVENTS);
  }

  async function readBehind(mine: number): Promise<void> {
    const answer = await world.read<EventsAnswer>(`v1/events?after=${readUpTo}`);
    if (mine !== reading) return;
    readUpTo = answer.last;
    const isDue = work === "due again";
    work = "none";
    const rows = withRows(answer.events);
    if (rows !== events.rows || !events.isRead || events.error !== undefined) {
      set({ rows, isRead: true, error: undefined });
    }
    if (isDue) read();
  }

  function read(): void {
    if (work !== "none") {
      work = "due again";
      return;
    }
    work = "under way";
    reading += 1;
    begin(reading);
  }

  function begin(mine: number): void {
    readBehind(mine).catch((error: unknown) => {
      if (mine !== reading) return;
      set({ ...events, error: error instanceof Error ? error.message : String(error) });
      if (error instanceof ReadError && error.kind === "refused") {
        cancelRetry = world.after(RETRY_MS, () => begin(mine));
        return;
      }
      work = "none";
      tell.failed(error);
    });
  }

  return {
    read,
    take(row) {
      const rows = withRows([row]);
      if (rows !== events.rows) set({ ...events, rows });
    },
    stop() {
      cancelRetry();
      reading += 1;
      const wasUnderWay = work !== "none";
      work = "none";
      return wasUnderWay;
    },
  };
}
