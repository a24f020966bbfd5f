import type { StatusAnswer } from "../../api/resources/status.ts";
import type { Clock } from "../../base/clock.ts";
import type { Steps } from "../../core/incremental/steps.ts";
import type { ChartStatus } from "../status/chart-status.ts";
import type { NamedChart } from "../status/charts-asked.ts";
import { eventRow } from "../status/events-view.ts";
import type { RecentEvents } from "../status/recent-events.ts";
import type { UiAddresses } from "../ui-links.ts";
import { type ChangedRows, changedRows, type KnownRows } from "./changed-rows.ts";
import { frameBytes, MISSED, placeBytes } from "./frame.ts";
import { createFrameLog, type FrameLog } from "./frame-log.ts";
import { statusWithoutAges } from "./status-without-ages.ts";

/** What a stream begins with, and where in the frames it goes on. */
export interface StreamStart {
  readonly first: readonly Buffer[];
  readonly position: number;
}

/**
 * What all streams are told, made once for all of them, and only while there is a stream. A stream is nothing here but its
 * position in the frames.
 */
export interface LiveFeed {
  readonly frames: Pick<FrameLog, "end" | "at" | "isDropped">;
  /**
   * One more stream. Without `after` it is told what happens from now on; else everything behind that id, or that it has missed
   * something.
   */
  join(after: number | undefined): StreamStart;
  /** One stream fewer. */
  leave(): void;
  /** How many there are. */
  streams(): number;
  /** Something may be otherwise than before. Costs nothing without a stream; the work begins after the caller's own has ended. */
  changed(): void;
  close(): void;
}

export interface LiveFeedParts {
  readonly events: RecentEvents;
  readonly clock: Pick<Clock, "nowMs" | "sleep">;
  charts(): readonly NamedChart[];
  /** The answer of /v1/status. */
  status(): StatusAnswer;
  links(): UiAddresses;
  /** Does the steps, and lets other work be done in between. */
  run<Result>(steps: Steps<Result>): Promise<Result>;
  /** Called when there are new frames. */
  told(): void;
  /** Called when something could not be told: streams are told that they have missed it, and nothing else ends. */
  failed(error: unknown): void;
}

/** More rows of one publication are read as a list again: that is less than as many rows on each stream. */
const MOST_ROWS = 500;
/** Of frames that a slow stream may be behind. */
const MOST_BYTES = 1_000_000;
/** Of one frame; more is read as a list, too. */
const MOST_BYTES_OF_FRAME = 400_000;
/** Readiness changes by time alone, too: so often the status is looked at. */
const STATUS_EVERY_MS = 500;
/** After this time it is told again although it says the same, for its ages. */
const AGES_EVERY_MS = 15_000;

export function createLiveFeed(parts: LiveFeedParts): LiveFeed {
  const { events, clock, charts, status, links, run, told, failed } = parts;
  const frames = createFrameLog(lastEvent(), MOST_BYTES);
  let streams = 0;
  /** Ends with the last stream. */
  let awake = new AbortController();
  /** Everything up to this id has been told. */
  let lastId = lastEvent();
  /** The same of events alone. */
  let toldEvents = lastId;
  const rowsOf = new Map<string, { readonly status: ChartStatus; readonly known: KnownRows }>();
  let latest: ToldStatus | undefined;
  /** How the charts were told when the last stream ended; no chart is kept for it. */
  let asleepAt: readonly (WeakRef<ChartStatus> | undefined)[] = [];
  let work: "none" | "under way" | "due again" = "none";

  function lastEvent(): number {
    return events.after(0).last;
  }

  function push(id: number, bytes: Buffer): void {
    lastId = id;
    frames.push({ id, bytes });
  }

  function tellEvents(): void {
    const { events: news, last, isComplete } = events.after(toldEvents);
    if (!isComplete) push((news[0]?.id ?? last + 1) - 1, MISSED);
    for (const event of news) push(event.id, frameBytes("change", JSON.stringify(eventRow(event)), event.id));
    toldEvents = last;
  }

  function tellRows({ name, status: { generation } }: NamedChart, changes: ChangedRows["changes"]): void {
    if (changes?.rows.length === 0 && changes.gone.length === 0) return;
    // Events have smaller ids where they happened before.
    tellEvents();
    const id = events.takeId();
    const about = { chart: name, generation };
    const bytes = frameBytes("routes", JSON.stringify({ ...about, ...(changes ?? { all: true }) }), id);
    const isLarge = bytes.length > MOST_BYTES_OF_FRAME;
    push(id, isLarge ? frameBytes("routes", JSON.stringify({ ...about, all: true }), id) : bytes);
  }

  async function tellAll(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    tellEvents();
    told();
    for (const chart of charts()) {
      const before = rowsOf.get(chart.name);
      if (before?.status === chart.status) continue;
      const { known, changes } = await run(changedRows(chart, before?.known, links(), MOST_ROWS));
      if (signal.aborted) return;
      rowsOf.set(chart.name, { status: chart.status, known });
      if (before !== undefined) tellRows(chart, changes);
      told();
    }
  }

  /** What comes while the work is under way is done once it has ended: of many changes in a row the streams are told the last. */
  function begin(signal: AbortSignal): void {
    if (signal.aborted) return;
    if (work !== "none") {
      work = "due again";
      return;
    }
    work = "under way";
    setImmediate(() => {
      void tellAll(signal)
        .catch(lost)
        .finally(() => {
          const isDue = work === "due again";
          work = "none";
          if (isDue) begin(awake.signal);
        });
    });
  }

  /** Clients read anew what could not be told. */
  function lost(error: unknown): void {
    failed(error);
    rowsOf.clear();
    toldEvents = lastEvent();
    push(events.takeId(), MISSED);
    told();
  }

  function lookAtStatus(): ToldStatus {
    const found = status();
    const same = statusWithoutAges(found);
    const bytes = frameBytes("status", JSON.stringify(found));
    return { bytes, same, atMs: clock.nowMs() };
  }

  async function followStatus(signal: AbortSignal): Promise<void> {
    let toldAtMs = clock.nowMs();
    let before = latest?.same;
    while (!signal.aborted) {
      await clock.sleep(STATUS_EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        latest = lookAtStatus();
      } catch (error) {
        failed(error);
        continue;
      }
      if (latest.same === before && latest.atMs - toldAtMs < AGES_EVERY_MS) continue;
      before = latest.same;
      toldAtMs = latest.atMs;
      frames.push({ id: lastId, bytes: latest.bytes });
      told();
    }
  }

  function wake(): void {
    const statuses = charts().map((chart) => chart.status);
    // Rows may have changed without an event, which no stream was told: what is resumed from before has missed something.
    lastId = statuses.every((one, position) => one === asleepAt[position]?.deref()) ? lastEvent() : events.takeId();
    toldEvents = lastId;
    frames.clear(lastId);
    awake = new AbortController();
    begin(awake.signal);
    void followStatus(awake.signal);
  }

  function fallAsleep(): void {
    awake.abort();
    asleepAt = charts().map(({ name }) => {
      const known = rowsOf.get(name);
      return known && new WeakRef(known.status);
    });
    rowsOf.clear();
    frames.clear(lastId);
    latest = undefined;
  }

  return {
    frames,
    join(after) {
      // What throws does so before the stream counts.
      if (latest === undefined || clock.nowMs() - latest.atMs > STATUS_EVERY_MS) latest = lookAtStatus();
      streams += 1;
      if (streams === 1) wake();
      const known = after === undefined || after > lastId ? undefined : frames.positionBehind(after);
      if (after !== undefined && known !== undefined) {
        return { first: [placeBytes(after), latest.bytes], position: known };
      }
      const missed = after === undefined ? [] : [MISSED];
      return { first: [placeBytes(lastId), ...missed, latest.bytes], position: frames.end };
    },
    leave() {
      streams -= 1;
      if (streams === 0) fallAsleep();
    },
    streams: () => streams,
    changed() {
      if (streams > 0) begin(awake.signal);
    },
    close: () => awake.abort(),
  };
}

interface ToldStatus {
  readonly bytes: Buffer;
  /** Without ages. */
  readonly same: string;
  readonly atMs: number;
}
