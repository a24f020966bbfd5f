import type { Clock } from "../base/clock.ts";
import { AppError, EXIT_CODES } from "../base/errors.ts";
import { type CatalogSnapshot, isBelieved } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import { initialMemory, type KeptMemory, type Memory } from "../core/memory.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../core/operator-config/operator-config.ts";
import { reconcileInSteps } from "../core/reconcile.ts";
import type { Hold } from "../core/removals/hold.ts";
import { isOfSettings, isReleasable, isSameHold, releaseHolds } from "../core/removals/release.ts";
import type { CoreSettings } from "../core/settings.ts";
import { countRouters } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import type { DaemonObserver, PublishedChart } from "../observe/observer.ts";
import { createFollowedCatalog, type DaemonCatalog } from "./catalog-snapshot.ts";
import { type ChartVersions, reasonOf } from "./chart-versions.ts";
import { confirmHold } from "./confirm-hold.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { isSameKept } from "./kept-state.ts";
import type { QuietWindow } from "./quiet-window.ts";
import { createHeldHostRegistrations } from "./registrations-on-held-hosts.ts";
import { createRollbackKeeper, type Rollback, rolledBack, withheld } from "./rollback.ts";
import { runInTurns } from "./run-in-turns.ts";

/** The published file. */
export interface DaemonChart {
  readonly path: string;
  read(): Promise<{ kind: "absent" | "empty" | "foreign" } | { kind: "ours"; text: string }>;
  publish(text: string): Promise<PublishedChart>;
}

export interface DaemonParts {
  readonly catalogs: readonly DaemonCatalog[];
  readonly chart: DaemonChart;
  readonly kept: DaemonState<KeptMemory>;
  readonly versions: ChartVersions;
  readonly rollback: DaemonState<Rollback | null>;
  readonly quietWindow: QuietWindow;
  readonly clock: Clock;
  readonly observer: DaemonObserver;
  /** Read at each pass, so that a reload counts. */
  settings(): CoreSettings;
  /** What the operator defines in files and settings, read at each pass too; nothing where it is left out. */
  operatorConfig?(): OperatorConfig;
  /** A person has said that what the settings take away at this start is meant. */
  readonly isConfirmed?: boolean;
}

const RETRY_WRITE_MS = 1_000;

/** How long the first chart of all waits for the other catalogs once one has answered. */
export const FIRST_CHART_PATIENCE_MS = 10_000;

/** The loop that turns the wheel: one pass at a time, each from the whole slice. */
export interface Daemon {
  /** Takes stock of what is on disk. Throws AppError where the output belongs to somebody else or cannot be read. */
  start(): Promise<void>;
  /** One pass; undefined while there is nothing to chart from. Throws AppError when the file cannot be written. */
  pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined>;
  /**
   * Ends by hand the rollback and what is held now, but for what waits for a first answer; answers with what ends with the
   * next pass. Throws AppError where the end of the rollback cannot be stored.
   */
  release(): Promise<{ readonly rollback: Rollback | undefined; readonly holds: readonly Hold[] }>;
  /** Publishes an earlier chart with the next pass, and no other until the release. Throws AppError (E_VERSION_UNKNOWN, E_OUTPUT_…). */
  rollBack(number: number): Promise<Rollback>;
  /** The rollback in force. */
  rollback(): Rollback | undefined;
  /** Passes until aborted; a write in hand is finished first. */
  run(signal: AbortSignal): Promise<void>;
}

export function createDaemon(parts: DaemonParts): Daemon {
  const { chart, kept, quietWindow, clock, observer } = parts;
  const catalogs = parts.catalogs.map(createFollowedCatalog);
  let memory: Memory = initialMemory(undefined, undefined);
  const heldHostRegistrations = createHeldHostRegistrations({
    catalogs: parts.catalogs,
    areBelieved: () => catalogs.every((catalog) => isBelieved(catalog.snapshot())),
    clock,
    changed: () => quietWindow.changed(),
  });
  const rollbacks = createRollbackKeeper(parts.versions, parts.rollback);
  let pinned: Rollback | undefined;
  let releasing: readonly Hold[] = [];
  let firstAnswerAtMs: number | undefined;
  let savedKept: KeptMemory | undefined;

  async function start(): Promise<void> {
    const found = await chart.read();
    if (found.kind === "foreign") throw foreignChart(chart.path);
    const published = found.kind === "ours" ? parseChart(found.text) : undefined;
    const stateKept = await loadState(kept, observer);
    const keptState = stateKept && parts.isConfirmed === true ? withoutDoubts(stateKept) : stateKept;
    const names = parts.catalogs.map(({ name }) => name).filter((name) => name !== undefined);
    memory = initialMemory(published, keptState, names);
    const stored = await Promise.all(catalogs.map((catalog) => catalog.load(observer)));
    await rollbacks.load(observer);
    const storedSnapshots = stored.filter((snapshot) => snapshot !== undefined);
    observer.adopted({ routers: published === undefined ? undefined : countRouters(published), storedSnapshots });
    quietWindow.changed();
  }

  /**
   * Saved before the file is renamed: should we be killed in between, the stored slice is newer than the file, never
   * older, and a restart without the catalog takes nothing away. A full state disk must not stop the routes.
   */
  async function saveState(next: Memory): Promise<void> {
    const nowMs = clock.nowMs();
    const saving = catalogs.map((catalog) => catalog.save(nowMs));
    for (const saved of await Promise.allSettled([...saving, saveKept(next, nowMs)])) {
      if (saved.status === "fulfilled") continue;
      if (!(saved.reason instanceof AppError)) throw saved.reason;
      observer.stateUnsaved(saved.reason);
    }
  }

  async function saveKept(state: KeptMemory, nowMs: number): Promise<void> {
    if (savedKept !== undefined && isSameKept(savedKept, state)) return;
    await kept.save(state, nowMs);
    savedKept = state;
  }

  async function pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined> {
    const rollback = rollbacks.current();
    if (rollback !== undefined) return passWithheld(rollback, sinceMs);
    if (pinned !== undefined) observer.rollbackEnded(pinned.number);
    pinned = undefined;
    const snapshots = catalogs.map((catalog) => catalog.snapshot());
    if (isTooEarly(snapshots)) return undefined;
    const before = memory.holds;
    const ending = releasing;
    const decision = await decide(snapshots, releaseHolds(memory, ending));
    await saveState(decision.memory);
    const published = await chart.publish(decision.text);
    memory = decision.memory;
    if (releasing === ending) releasing = [];
    const nowMs = clock.nowMs();
    if (published.didWrite) {
      quietWindow.published(countRouters(decision.chart));
      await keepVersion(decision, nowMs);
    }
    heldHostRegistrations.hold([...memory.portHolders.keys()], signal);
    quietWindow.lookAgainAt(decision.lookAgainAtMs);
    observer.charted({ decision, snapshots, published, lagMs: nowMs - sinceMs });

    const { holds } = decision.memory;
    for (const hold of before) {
      const isByHand = sameHold(ending, hold) !== undefined;
      const isHeldYet = holds.some((one) => isSuccessor(one, hold));
      if (isByHand || !isHeldYet) observer.released(hold, isByHand);
    }
    for (const hold of holds) {
      const last = sameHold(before, hold);
      const heldBefore = new Set(last?.routers);
      if (hold.routers.some((router) => !heldBefore.has(router))) observer.held(hold);
      if (hold.kind === "mass-removal" && hold.sinceMs !== last?.sinceMs) confirm(hold, signal);
    }
    return decision;
  }

  function decide(snapshots: readonly CatalogSnapshot[], previous: Memory): Promise<Decision> {
    const operatorConfig = parts.operatorConfig?.() ?? NO_OPERATOR_CONFIG;
    const around = heldHostRegistrations.current();
    const input = {
      ...{ snapshots, previous, settings: parts.settings(), operatorConfig, nowMs: clock.nowMs() },
      ...(around === undefined ? {} : { heldHostRegistrations: around }),
    };
    return runInTurns(reconcileInSteps(input), clock);
  }

  async function keepVersion({ text, changes }: Decision, nowMs: number): Promise<void> {
    try {
      await parts.versions.keep(text, reasonOf(changes), nowMs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      observer.stateUnsaved(error);
    }
  }

  /** A pass while an earlier chart is published: what the catalog says is worked out, and only told. */
  async function passWithheld(rollback: Rollback, sinceMs: number): Promise<Decision | undefined> {
    if (pinned !== rollback) {
      for (const hold of memory.holds) observer.released(hold, true);
      memory = rolledBack(memory, parseChart(rollback.text));
      pinned = rollback;
      observer.rolledBack(rollback);
    }
    await saveState(memory);
    const published = await chart.publish(rollback.text);
    const snapshots = catalogs.map((catalog) => catalog.snapshot());
    if (isTooEarly(snapshots)) return undefined;
    const news = await decide(snapshots, memory);
    const decision = withheld(news, memory, rollback.text);
    quietWindow.lookAgainAt(news.lookAgainAtMs);
    const { number, sinceMs: rolledBackAtMs } = rollback;
    observer.charted({
      ...{ decision, snapshots, published, lagMs: clock.nowMs() - sinceMs },
      rollback: { number, sinceMs: rolledBackAtMs, withheldChanges: news.changes.length },
    });
    return decision;
  }

  /** Nothing is charted before a catalog has answered; the first chart of all waits a while for the others. */
  function isTooEarly(snapshots: readonly CatalogSnapshot[]): boolean {
    const unread = snapshots.filter(({ freshness }) => freshness === "unread");
    if (unread.length === snapshots.length) return true;
    if (unread.length === 0 || memory.chart !== undefined) return false;
    firstAnswerAtMs ??= clock.nowMs();
    const patientUntilMs = firstAnswerAtMs + FIRST_CHART_PATIENCE_MS;
    if (clock.nowMs() >= patientUntilMs) return false;
    quietWindow.lookAgainAt(patientUntilMs);
    return true;
  }

  function confirm(hold: Hold, signal: AbortSignal): void {
    const { catalogName } = hold;
    const source = parts.catalogs.find(({ name }) => name === catalogName)?.source;
    if (source === undefined) throw new Error(`no catalog is called ${catalogName}`);
    const isHeld = () => sameHold(memory.holds, hold) !== undefined;
    void confirmHold(hold, { source, clock, observer, retryMs: RETRY_WRITE_MS, isHeld }, signal);
  }

  async function release() {
    const rollback = rollbacks.current();
    if (rollback !== undefined) await rollbacks.end(clock.nowMs());
    else releasing = memory.holds.filter(isReleasable);
    quietWindow.changed();
    return { rollback, holds: releasing };
  }

  async function rollBack(number: number): Promise<Rollback> {
    const begun = await rollbacks.begin(number, clock.nowMs());
    releasing = [];
    quietWindow.changed();
    return begun;
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

  return { start, pass, release, rollBack, rollback: rollbacks.current, run };
}

/** Of one catalog a hold may follow another: it is only told that nothing is held any more. */
function isSuccessor(one: Hold, hold: Hold): boolean {
  return one.catalogName === hold.catalogName && isOfSettings(one) === isOfSettings(hold);
}

function withoutDoubts({ provenance: _, ...kept }: KeptMemory): KeptMemory {
  return { ...kept, holds: [] };
}

/** The hold of the same catalog for the same reason. */
function sameHold(holds: readonly Hold[], wanted: Hold): Hold | undefined {
  return holds.find((hold) => isSameHold(hold, wanted));
}

function foreignChart(path: string): AppError {
  return new AppError(
    `output.file: ${path} was not written by portolan and is not overwritten; move it away, or name another file with --output`,
    { code: "E_OUTPUT_FOREIGN", retryable: false, exitCode: EXIT_CODES.badSettings },
  );
}
