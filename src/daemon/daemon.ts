import type { Clock } from "../clock.ts";
import { type Hold, initialMemory, type Memory } from "../core/memory.ts";
import { type Decision, reconcileInSteps } from "../core/reconcile.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { Slice } from "../core/snapshot.ts";
import { NO_STATICS, type Statics } from "../core/statics/statics.ts";
import { countRouters } from "../core/traefik/dynamic-config.ts";
import { parseChart } from "../core/traefik/parse-chart.ts";
import { AppError, EXIT_CODES } from "../errors.ts";
import type { DaemonObserver, PublishedChart } from "../observe/observer.ts";
import { inSlices } from "./in-slices.ts";
import { isSameKept, type KeptState, type StoredSlice, standInSlice } from "./kept-state.ts";
import type { QuietWindow } from "./quiet-window.ts";

/** The catalog as the daemon sees it. */
export interface DaemonSource {
  readonly source: string;
  slice(): Slice | undefined;
  confirm(signal: AbortSignal): Promise<void>;
}

/** The published file. */
export interface DaemonChart {
  readonly path: string;
  read(): Promise<{ kind: "absent" | "empty" | "foreign" } | { kind: "ours"; text: string }>;
  publish(text: string): Promise<PublishedChart>;
}

/** One value that survives a restart. */
export interface DaemonState<T> {
  load(): Promise<
    | { kind: "loaded"; value: T; note?: string }
    | { kind: "absent" }
    | { kind: "setAside"; reason: string; movedTo: string }
  >;
  save(value: T, nowMs: number): Promise<void>;
}

export interface DaemonParts {
  readonly source: DaemonSource;
  readonly chart: DaemonChart;
  readonly lastGood: DaemonState<StoredSlice>;
  readonly kept: DaemonState<KeptState>;
  readonly quietWindow: QuietWindow;
  readonly clock: Clock;
  readonly observer: DaemonObserver;
  /** Read at each pass, so that a reload counts. */
  settings(): CoreSettings;
  /** What the operator defines in files and settings, read at each pass too; nothing where it is left out. */
  statics?(): Statics;
}

const RETRY_WRITE_MS = 1_000;

/** The loop that turns the wheel: one pass at a time, each from the whole slice. */
export interface Daemon {
  /** Takes stock of what is on disk. Throws AppError where the output belongs to somebody else or cannot be read. */
  start(): Promise<void>;
  /** One pass; undefined while there is nothing to chart from. Throws AppError when the file cannot be written. */
  pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined>;
  /** Passes until aborted; a write in hand is finished first. */
  run(signal: AbortSignal): Promise<void>;
}

export function createDaemon(parts: DaemonParts): Daemon {
  const { source, chart, lastGood, kept, quietWindow, clock, observer } = parts;
  let memory: Memory = initialMemory(undefined, undefined);
  let storedSlice: Slice | undefined;
  let savedSlice: Slice | undefined;
  let savedKept: KeptState | undefined;

  async function start(): Promise<void> {
    const found = await chart.read();
    if (found.kind === "foreign") throw foreignChart(chart.path);
    const published = found.kind === "ours" ? parseChart(found.text) : undefined;
    const keptState = await loadState(kept);
    const stored = await loadState(lastGood);
    memory = initialMemory(published, keptState);
    storedSlice = stored === undefined ? undefined : standInSlice(stored, source.source);
    observer.adopted({ routers: published === undefined ? undefined : countRouters(published), storedSlice });
    quietWindow.changed();
  }

  async function loadState<T>(state: DaemonState<T>): Promise<T | undefined> {
    const loaded = await state.load();
    if (loaded.kind === "setAside") observer.setAside(loaded.reason, loaded.movedTo);
    if (loaded.kind === "loaded" && loaded.note !== undefined) observer.stateNoted(loaded.note);
    return loaded.kind === "loaded" ? loaded.value : undefined;
  }

  /**
   * Saved before the file is renamed: should we be killed in between, the stored slice is newer than the file, never
   * older, and a restart without the catalog takes nothing away. A full state disk must not stop the routes.
   */
  async function saveState(slice: Slice, next: Memory): Promise<void> {
    const nowMs = clock.nowMs();
    for (const saved of await Promise.allSettled([saveSlice(slice, nowMs), saveKept(next, nowMs)])) {
      if (saved.status === "fulfilled") continue;
      if (!(saved.reason instanceof AppError)) throw saved.reason;
      observer.stateUnsaved(saved.reason);
    }
  }

  async function saveSlice(slice: Slice, nowMs: number): Promise<void> {
    if (slice.origin !== "live" || slice === savedSlice) return;
    await lastGood.save({ source: slice.source, readAtMs: slice.readAtMs, instances: slice.instances }, nowMs);
    savedSlice = slice;
  }

  async function saveKept(state: KeptState, nowMs: number): Promise<void> {
    if (savedKept !== undefined && isSameKept(savedKept, state)) return;
    await kept.save(state, nowMs);
    savedKept = state;
  }

  async function pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined> {
    const slice = source.slice() ?? storedSlice;
    if (slice === undefined) return undefined;
    const before = memory.hold;
    const steps = reconcileInSteps({
      slice,
      previous: memory,
      settings: parts.settings(),
      statics: parts.statics?.() ?? NO_STATICS,
      nowMs: clock.nowMs(),
    });
    const decision = await inSlices(steps, clock);
    await saveState(slice, decision.memory);
    const published = await chart.publish(decision.text);
    memory = decision.memory;
    const nowMs = clock.nowMs();
    if (published.didWrite) quietWindow.published(countRouters(decision.chart));
    quietWindow.lookAgainAt(decision.lookAgainAtMs);
    observer.charted({ decision, slice, published, lagMs: nowMs - sinceMs });

    const { hold } = decision.memory;
    if (before !== undefined && hold?.kind !== before.kind) observer.released(before);
    const known = new Set(before?.kind === hold?.kind ? before?.routers : []);
    if (hold?.routers.some((router) => !known.has(router))) observer.held(hold);
    if (hold?.kind === "mass-removal" && hold.sinceMs !== before?.sinceMs) confirm(hold, signal);
    return decision;
  }

  /**
   * Reads everything again at once, which mends a passing lie, and at the end of the hold, which decides. A catalog that
   * lied wakes no long poll when it is itself again: one whose token has its policy back, for instance.
   */
  function confirm({ sinceMs, endsAtMs = sinceMs }: Hold, signal: AbortSignal): void {
    const trying = async (): Promise<void> => {
      while (!signal.aborted && memory.hold?.kind === "mass-removal") {
        const isLast = clock.nowMs() >= endsAtMs;
        try {
          await source.confirm(signal);
          if (isLast) return;
          await clock.sleep(endsAtMs - clock.nowMs(), signal);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          if (!signal.aborted) observer.confirmFailed(error);
          await clock.sleep(RETRY_WRITE_MS, signal);
        }
      }
    };
    void trying();
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { sinceMs } = await quietWindow.next(signal);
      if (signal.aborted) return;
      try {
        await pass(sinceMs, signal);
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        observer.unwritable(error, RETRY_WRITE_MS);
        quietWindow.lookAgainAt(clock.nowMs() + RETRY_WRITE_MS);
      }
    }
  }

  return { start, pass, run };
}

function foreignChart(path: string): AppError {
  return new AppError(
    `output.file: ${path} was not written by portolan and is not overwritten; move it away, or name another file with --output`,
    { code: "E_OUTPUT_FOREIGN", retryable: false, exitCode: EXIT_CODES.badSettings },
  );
}
