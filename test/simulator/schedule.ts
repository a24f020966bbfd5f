import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import type { PathPattern } from "../../src/simulator/api/path-pattern.ts";
import {
  answers403,
  answers429,
  answers500,
  answersEmpty,
  answersHtml,
  cutsMidBody,
  drips,
  type Fault,
  hangs,
  losesLeader,
  noIndexHeader,
} from "../../src/simulator/faults/faults.ts";
import type { Catalog } from "../../src/simulator/state/catalog.ts";

/** The faults that answer in place of the catalog, by name: a schedule can be printed, kept and played again. */
const ANSWERS = {
  "error-500": () => answers500(),
  "busy-429": () => answers429(1),
  "denied-403": () => answers403(),
  html: () => answersHtml(),
  hang: () => hangs(),
  cut: () => cutsMidBody(),
  drip: () => drips({ pieceBytes: 64, everyMs: 20 }),
  "empty-200": () => answersEmpty(),
  "no-index": () => noIndexHeader(),
  "leader-loss": (clock: Clock) => losesLeader(clock),
} as const satisfies Readonly<Record<string, (clock: Clock) => Fault>>;

/** Those during which the server does not listen: `index-reset` comes back with the same data under lower indexes. */
const OUTAGES = ["outage", "index-reset"] as const;

export type FaultName = keyof typeof ANSWERS | (typeof OUTAGES)[number];

/** Every fault that a schedule can name. */
export const FAULT_NAMES: readonly FaultName[] = [...keysOf(ANSWERS), ...OUTAGES];

/** One fault and its time, counted from the start of the schedule. */
export interface ScheduledFault {
  readonly atMs: number;
  readonly forMs: number;
  readonly fault: FaultName;
  /** Default: every path. An outage is for all of them, whatever it says. */
  readonly path?: PathPattern;
}

/** Where a schedule is played. */
export interface Stage {
  readonly server: Pick<CatalogServer, "faults" | "close" | "reopen">;
  readonly catalog: Pick<Catalog, "resetIndexes">;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/**
 * Switches each fault on and off by the clock, and resolves when the last one is off. They may overlap: of those that
 * answer, the last to begin is taken, and while any outage lasts the server does not listen. Aborting ends all of them at once, so
 * that the catalog is right when this resolves.
 */
export async function playSchedule(
  { server, catalog, clock = systemClock }: Stage,
  schedule: readonly ScheduledFault[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  let outages = 0;
  // One at a time: a server that is still closing cannot be opened.
  let switched = Promise.resolve();

  function closeForOutage(): Promise<void> {
    outages += 1;
    if (outages === 1) switched = switched.then(() => server.close());
    return switched;
  }

  function reopenAfter(fault: (typeof OUTAGES)[number]): Promise<void> {
    outages -= 1;
    const isLast = outages === 0;
    switched = switched.then(async () => {
      if (fault === "index-reset") catalog.resetIndexes();
      if (isLast) await server.reopen();
    });
    return switched;
  }

  async function play({ atMs, forMs, fault, path = "*" }: ScheduledFault): Promise<void> {
    await clock.sleep(atMs, signal);
    if (signal.aborted) return;
    if (fault === "outage" || fault === "index-reset") {
      await closeForOutage();
      await clock.sleep(forMs, signal);
      await reopenAfter(fault);
    } else {
      const off = server.faults.set(path, ANSWERS[fault](clock));
      await clock.sleep(forMs, signal);
      off();
    }
  }

  await Promise.all(schedule.map(play));
}

export interface RandomScheduleOptions {
  /** The same seed gives the same schedule. */
  readonly seed: number;
  /** No fault begins or ends after this. */
  readonly lengthMs: number;
  /** Mean time from the beginning of one fault to that of the next. Default: 10 s. */
  readonly everyMs?: number;
  /** Shortest and longest time that a fault lasts. Default: 0.2 s to 5 s. */
  readonly lastsMs?: readonly [number, number];
  /** Default: all. */
  readonly faults?: readonly FaultName[];
  /** Each fault is for one of these. Default: every path. */
  readonly paths?: readonly PathPattern[];
}

/** Faults at random times, in the order of their beginnings. */
export function randomSchedule(options: RandomScheduleOptions): readonly ScheduledFault[] {
  const { seed, lengthMs, everyMs = 10_000, lastsMs = [200, 5_000], faults = FAULT_NAMES, paths = ["*"] } = options;
  const random = createRandom(seed);
  const schedule: ScheduledFault[] = [];
  const [shortestMs, longestMs] = lastsMs;
  for (let atMs = 0; ; ) {
    atMs += 1 + Math.floor(random() * 2 * everyMs);
    const fault = pick(faults, random());
    const path = pick(paths, random());
    const forMs = Math.round(shortestMs + random() * (longestMs - shortestMs));
    if (atMs >= lengthMs) return schedule;
    if (fault !== undefined && path !== undefined && atMs + forMs <= lengthMs) {
      schedule.push({ atMs, forMs, fault, path });
    }
  }
}

function pick<T>(choices: readonly T[], random: number): T | undefined {
  return choices[Math.floor(random * choices.length)];
}

/** Numbers from 0 to below 1 that look random and are the same for a seed: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  // Object.keys forgets which keys a record has; this one is written out above.
  return Object.keys(record) as Key[];
}
