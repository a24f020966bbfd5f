import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import { type CatalogSnapshot, isBelieved } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import { initialMemory, type KeptMemory, type Memory } from "../core/memory.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../core/neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../core/operator-config/operator-config.ts";
import { reconcileInSteps } from "../core/reconcile.ts";
import { type Hold, rulesOf } from "../core/removals/hold.ts";
import { releaseHolds } from "../core/removals/release.ts";
import { withoutSleepers } from "../core/removals/sleepers.ts";
import { isServedDifferently } from "../core/render/served-difference.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { ResourceKey } from "../core/traefik/chart/dynamic-config.ts";
import { countRouters } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import { type ChartVersions, keepVersion } from "./chart-versions.ts";
import { type ChartFingerprints, type DecidedFrom, type EndedPass, followsFromStored } from "./confirmed-chart.ts";
import { type DaemonChart, readPublished } from "./daemon-chart.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";
import { createFirstChart } from "./first-chart.ts";
import { createFollowedCatalog, type DaemonCatalog } from "./followed-catalog.ts";
import { confirmNewHolds } from "./holds/confirm-hold.ts";
import { holdChanges, sameHold } from "./holds/hold-changes.ts";
import type { QuietWindow } from "./quiet-window.ts";
import { createHostRegistrations } from "./registrations-on-hosts.ts";
import { createRollbackKeeper, type Rollback, rolledBack, withheld } from "./rollback.ts";
import { runInTurns } from "./run-in-turns.ts";
import { createStateSaver } from "./state-saver.ts";

export interface DaemonParts {
  readonly catalogs: readonly DaemonCatalog[];
  readonly chart: DaemonChart;
  readonly kept: DaemonState<KeptMemory>;
  readonly versions: ChartVersions;
  readonly rollback: DaemonState<Rollback | null>;
  /** By which a start confirms the chart on disk before its first pass; it does not where they are left out. */
  readonly fingerprints?: ChartFingerprints;
  readonly quietWindow: QuietWindow;
  readonly clock: Clock;
  readonly observer: DaemonObserver;
  /** Read at each pass, so that a reload counts. */
  settings(): CoreSettings;
  /** What the operator defines in files and settings, read at each pass too; nothing where it is left out. */
  operatorConfig?(): OperatorConfig;
  /** The other files that Traefik reads beside the chart, the same; nothing is known of them where it is left out. */
  neighbours?(): Neighbours;
  /** The operator has said that what the settings take away at this start is meant. */
  readonly isConfirmed?: boolean;
}

const RETRY_MS = 1_000;
/** A request must not end at the next holder of a held server's port. */
const HELD_EVERY_MS = 5_000;
/** As long as services have such health checks, which may be for ever; Traefik asks every 30 s where they do not say. */
const CHECKED_EVERY_MS = 30_000;
/** Told to people, who have all day to move a machine. */
const STATIC_EVERY_MS = 60_000;

/** Keeps one chart up to date: one pass at a time, each from all snapshots as they are then. */
export interface Daemon {
  /** Reads what is on disk. Throws AppError where portolan did not write the output, or where it cannot be read. */
  start(): Promise<void>;
  /** One pass; undefined while there is nothing to chart from. Throws AppError when the file cannot be written. */
  pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined>;
  /**
   * Ends, by the operator's order, the rollback and the holds of this moment, except those that wait for a first answer; of
   * the holds only these routers, where they are given. Returns what ends with the next pass. Throws AppError where the end
   * of the rollback cannot be stored, and where routers are given while there is one, since nothing is held then.
   */
  release(
    routers?: ReadonlySet<ResourceKey>,
  ): Promise<{ readonly rollback: Rollback | undefined; readonly holds: readonly Hold[] }>;
  /** Ends, by the operator's order, what services that sleep keep by their tags; returns the routers that leave with the next pass. */
  releaseKept(): readonly ResourceKey[];
  /** Publishes an earlier chart with the next pass, and no other until the release. Throws AppError (E_VERSION_UNKNOWN, E_OUTPUT_…). */
  rollBack(number: number): Promise<Rollback>;
  /** The rollback in force. */
  rollback(): Rollback | undefined;
  /** Passes until aborted; a write that has begun is finished first, and the fingerprint of the chart is kept last. */
  run(signal: AbortSignal): Promise<void>;
}

export function createDaemon(parts: DaemonParts): Daemon {
  const { chart, kept, quietWindow, clock, observer } = parts;
  const catalogs = parts.catalogs.map(createFollowedCatalog);
  const state = createStateSaver({ catalogs, kept, observer });
  const firstChart = createFirstChart({ clock, lookAgainAt: (timeMs) => quietWindow.lookAgainAt(timeMs) });
  const reading = {
    catalogs: parts.catalogs,
    // A catalog that cannot be asked for them, as Nomad, may deny a namespace for good.
    areBelieved: () => {
      const asked = catalogs.filter((_, position) => parts.catalogs[position]?.source.registeredAt !== undefined);
      return asked.length > 0 && asked.every((catalog) => isBelieved(catalog.snapshot()));
    },
    clock,
    changed: () => quietWindow.changed(),
  };
  const heldHostRegistrations = createHostRegistrations({ ...reading, everyMs: HELD_EVERY_MS });
  const checkedHostRegistrations = createHostRegistrations({ ...reading, everyMs: CHECKED_EVERY_MS });
  // Who has moved is told with its health.
  const staticHostRegistrations = createHostRegistrations({ ...reading, everyMs: STATIC_EVERY_MS, withChecks: true });
  const rollbacks = createRollbackKeeper(parts.versions, parts.rollback);
  let memory: Memory = initialMemory(undefined);
  let isEndingKept = false;
  const confirming = {
    catalogs: parts.catalogs,
    clock,
    observer,
    retryMs: RETRY_MS,
    isHeld: (hold: Hold) => sameHold(memory.removals.holds, hold) !== undefined,
  };
  /** The rollback that is published. */
  let pinned: Rollback | undefined;
  /** The holds that the operator has ended, and that go with the next pass. */
  let releasing: readonly Hold[] = [];
  /** The last pass, where its chart is the one on disk. */
  let ended: EndedPass | undefined;

  async function start(): Promise<void> {
    const text = await readPublished(chart);
    await rollbacks.load(observer);
    if (text !== undefined && (await isDecidedFromStored(text))) observer.confirmed(text);
    // None either where it cannot be parsed.
    const published = text === undefined ? undefined : parseChart(text);
    const stateKept = await loadState(kept, observer);
    const keptState = stateKept && parts.isConfirmed === true ? withoutDoubts(stateKept) : stateKept;
    const names = parts.catalogs.map(({ name }) => name).filter((name) => name !== undefined);
    memory = initialMemory(published, keptState, names);
    const stored = await Promise.all(catalogs.map((catalog) => catalog.load(observer)));
    const storedSnapshots = stored.filter((snapshot) => snapshot !== undefined);
    observer.adopted({ routers: published === undefined ? undefined : countRouters(published), storedSnapshots });
    quietWindow.changed();
  }

  /** Known before what is stored has been read. A pass over it follows all the same: only that knows the reasons. */
  async function isDecidedFromStored(text: string): Promise<boolean> {
    if (parts.isConfirmed === true || rollbacks.current() !== undefined) return false;
    return (await parts.fingerprints?.match(text, decidedFrom(inputNow()), clock.nowMs())) === true;
  }

  /** Lets the next start confirm the chart without a pass, where it follows from what is stored. */
  async function keepFingerprint(): Promise<void> {
    if (ended === undefined || !followsFromStored(ended)) return;
    const { decision, input } = ended;
    try {
      await parts.fingerprints?.keep(decision.text, decidedFrom(input), decision.lookAgainAtMs, clock.nowMs());
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      observer.stateUnsaved(error);
    }
  }

  function decidedFrom({ settings, operatorConfig, neighbours }: EndedPass["input"]): DecidedFrom {
    const read = parts.catalogs.map(({ name, source }) => [name, source.source] as const);
    return { settings, operatorConfig, neighbours, catalogs: read };
  }

  async function pass(sinceMs: number, signal: AbortSignal): Promise<Decision | undefined> {
    ended = undefined;
    const rollback = rollbacks.current();
    if (rollback !== undefined) return passWithheld(rollback, sinceMs);
    if (pinned !== undefined) observer.rollbackEnded(pinned.number);
    pinned = undefined;
    const snapshots = catalogs.map((catalog) => catalog.snapshot());
    if (firstChart.isTooEarly(snapshots, memory.chart.published !== undefined)) return undefined;
    const before = memory.removals.holds;
    const ending = releasing;
    const input = inputNow();
    const awake = isEndingKept ? withoutSleepers(memory.removals, memory.owners) : memory.removals;
    const decision = await decide(snapshots, { ...memory, removals: releaseHolds(awake, ending) }, input);
    // Saved before the file is renamed: should the process be killed in between, the stored snapshots are newer than the
    // file, never older, and a restart without the catalog takes nothing away.
    const isStored = await state.save(decision.memory, clock.nowMs());
    const published = await chart.publish(decision.text);
    const isNewVersion = published.didWrite && isServedDifferently(memory.chart, decision.memory.chart);
    memory = decision.memory;
    ended = { decision, snapshots, input, isStored };
    if (releasing === ending) releasing = [];
    isEndingKept = false;
    const nowMs = clock.nowMs();
    if (published.didWrite) {
      quietWindow.published(countRouters(decision.chart));
    }
    if (isNewVersion) await keepVersion(decision, { versions: parts.versions, observer, nowMs });
    heldHostRegistrations.follow([...memory.removals.heldPorts.keys()], signal);
    checkedHostRegistrations.follow(memory.healthChecks.places, signal);
    staticHostRegistrations.follow(memory.statics.places, signal);
    quietWindow.lookAgainAt(decision.lookAgainAtMs);
    observer.charted({ decision, snapshots, published, lagMs: nowMs - sinceMs });
    reportHolds(before, ending);
    confirmNewHolds({ before, after: memory.removals.holds }, confirming, signal);
    return decision;
  }

  /** What a pass that begins now is decided by, beside the snapshots and the memory. */
  function inputNow() {
    const operatorConfig = parts.operatorConfig?.() ?? NO_OPERATOR_CONFIG;
    const neighbours = parts.neighbours?.() ?? NO_NEIGHBOURS;
    const [held, checked] = [heldHostRegistrations.current(), checkedHostRegistrations.current()];
    const statics = staticHostRegistrations.current();
    return {
      settings: parts.settings(),
      ...{ operatorConfig, neighbours },
      ...(held && { heldHostRegistrations: held }),
      ...(checked && { checkedHostRegistrations: checked }),
      ...(statics && { staticHostRegistrations: statics }),
    };
  }

  function decide(
    snapshots: readonly CatalogSnapshot[],
    previous: Memory,
    input: ReturnType<typeof inputNow>,
  ): Promise<Decision> {
    return runInTurns(reconcileInSteps({ ...input, snapshots, previous, nowMs: clock.nowMs() }), clock);
  }

  function reportHolds(before: readonly Hold[], ended: readonly Hold[]): void {
    const { held, released } = holdChanges(before, memory.removals.holds, ended);
    for (const { hold, isByHand } of released) observer.released(hold, isByHand);
    for (const hold of held) observer.held(hold);
  }

  /** A pass while an earlier chart is published: what the catalog says is worked out, and only reported. */
  async function passWithheld(rollback: Rollback, sinceMs: number): Promise<Decision | undefined> {
    if (pinned !== rollback) {
      for (const hold of memory.removals.holds) observer.released(hold, true);
      memory = rolledBack(memory, parseChart(rollback.text));
      pinned = rollback;
      observer.rolledBack(rollback);
    }
    await state.save(memory, clock.nowMs());
    const published = await chart.publish(rollback.text);
    const snapshots = catalogs.map((catalog) => catalog.snapshot());
    if (firstChart.isTooEarly(snapshots, memory.chart.published !== undefined)) return undefined;
    const news = await decide(snapshots, memory, inputNow());
    const decision = withheld(news, memory, rollback.text);
    quietWindow.lookAgainAt(news.lookAgainAtMs);
    observer.charted({
      decision,
      snapshots,
      published,
      lagMs: clock.nowMs() - sinceMs,
      rollback: { number: rollback.number, sinceMs: rollback.sinceMs, withheldChanges: news.changes.length },
      news,
    });
    return decision;
  }

  async function release(routers?: ReadonlySet<ResourceKey>) {
    const rollback = rollbacks.current();
    if (routers !== undefined) {
      if (rollback !== undefined) throw heldByRollback(rollback);
      const holds = memory.removals.holds
        .filter((hold) => rulesOf(hold).isReleasable)
        .map((hold) => ({ ...hold, routers: hold.routers.filter((router) => routers.has(router)) }))
        .filter((hold) => hold.routers.length > 0);
      releasing = withMore(releasing, holds);
      quietWindow.changed();
      return { rollback, holds };
    }
    if (rollback !== undefined) await rollbacks.end(clock.nowMs());
    else releasing = memory.removals.holds.filter((hold) => rulesOf(hold).isReleasable);
    quietWindow.changed();
    return { rollback, holds: releasing };
  }

  function releaseKept(): readonly ResourceKey[] {
    const { released } = withoutSleepers(memory.removals, memory.owners);
    isEndingKept = true;
    quietWindow.changed();
    return [...released].filter((router) => !memory.removals.released.has(router));
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
      if (signal.aborted) break;
      try {
        await pass(sinceMs, signal);
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        observer.unwritable(error, RETRY_MS);
        quietWindow.lookAgainAt(clock.nowMs() + RETRY_MS);
      }
    }
    await keepFingerprint();
  }

  return { start, pass, release, releaseKept, rollBack, rollback: rollbacks.current, run };
}

/** Two orders may come before one pass. */
function withMore(holds: readonly Hold[], more: readonly Hold[]): readonly Hold[] {
  const merged = holds.map((hold) => {
    const same = sameHold(more, hold);
    return same === undefined ? hold : { ...hold, routers: [...new Set([...hold.routers, ...same.routers])] };
  });
  return [...merged, ...more.filter((hold) => sameHold(holds, hold) === undefined)];
}

function heldByRollback({ number }: Rollback): AppError {
  return new AppError(
    `version ${number} is published since a rollback, so that no single router is held; portolan release without names ends the rollback`,
    { code: "E_RELEASE", retryable: false },
  );
}

/** The state of an operator who has confirmed the settings: nothing that they take away is held. */
function withoutDoubts(kept: KeptMemory): KeptMemory {
  return { ...kept, removals: { ...kept.removals, holds: [], provenance: undefined } };
}
