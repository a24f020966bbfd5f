import { type Clock, systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { CatalogSnapshot } from "../../core/catalog/snapshot.ts";
import type { Decision } from "../../core/decision.ts";
import type { Neighbours } from "../../core/neighbours/neighbours.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import type { Provenance } from "../../core/removals/provenance.ts";
import type { CoreSettings } from "../../core/settings.ts";
import type { DynamicConfig } from "../../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../core/traefik/chart/parse-chart.ts";
import { CHART_HEADER } from "../../core/traefik/chart/render.ts";
import { createDaemon } from "../../daemon/daemon.ts";
import { loadState } from "../../daemon/daemon-state.ts";
import { FIRST_CHART_PATIENCE_MS } from "../../daemon/first-chart.ts";
import type { Rollback } from "../../daemon/rollback.ts";
import { followNeighbours } from "../../neighbours/follow-neighbours.ts";
import { fanOutChart } from "../../observe/fan-out.ts";
import type { PassReport } from "../../observe/observer.ts";
import { createChartFile } from "../../output/chart/chart-file.ts";
import { edgeCore } from "../edges/edge-core.ts";
import type { EdgePlan } from "../edges/edge-plan.ts";
import { openEdgeState } from "../edges/edge-state.ts";
import type { Inputs } from "../inputs/inputs.ts";
import type { StateAccess } from "../stored-state/state-access.ts";
import { createNews } from "./news.ts";

/** One decision, and all that it was decided by. */
export interface DryDecision {
  /** The chart that would be published is its `chart`, the guards' holds are in its memory. */
  readonly decision: Decision;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: CoreSettings;
  readonly operatorConfig: OperatorConfig;
  readonly neighbours: Neighbours;
}

/** What a pass would decide for one chart. */
export interface DryEdge {
  readonly name: string;
  /** The chart's path. */
  readonly file: string;
  /** The chart on disk; undefined where there is none, or none that portolan could go on from. */
  readonly published: DynamicConfig | undefined;
  /** The earlier chart that an operator has put in force. Nothing is published before its release, which would bring what is decided. */
  readonly rollback: Rollback | undefined;
  /** By which settings, and from which catalogs, the published chart was made; undefined where that is not known. */
  readonly madeBy: Provenance | undefined;
  /** By the present settings, from what was last good of the catalogs; undefined where nothing was stored. */
  readonly before: Decision | undefined;
  /** By the present settings, from what the catalogs say now. */
  readonly present: DryDecision;
  /** By the settings that are to be adopted, where there are such. */
  readonly next: DryDecision | undefined;
}

/** An edge whose daemon publishes and stores nothing. */
export interface OpenedDryEdge {
  /** A pass by what was last good of the catalogs, as after a restart, if that is enough for a chart. */
  remember(): Promise<void>;
  /** The pass that counts, by the present settings or by the next. Throws Error where no catalog has answered. */
  decide(which: "present" | "next"): Promise<void>;
  result(): DryEdge;
}

export interface DryEdgeParts {
  readonly inputs: Inputs;
  readonly settings: Pick<Settings, "stateDir">;
  readonly access: StateAccess;
  noted(note: string): void;
}

/** How long a decision waits for what else is registered on the machines that it asks about. */
const REGISTRATIONS_MS = 2_000;

/** Reads the chart on disk, its state and the files beside it. Throws AppError as a start does. */
export async function openDryEdge(
  plan: EdgePlan,
  { inputs, settings, access, noted }: DryEdgeParts,
): Promise<OpenedDryEdge> {
  const { name, file } = plan;
  const news = createNews(systemClock);
  const neighbours = followNeighbours({ chart: file, clock: systemClock, changed() {}, unloadable() {} });
  await neighbours.read();
  const state = openEdgeState(settings.stateDir, name, access);
  const onDisk = createChartFile({ path: file, stagingDir: "", header: CHART_HEADER });
  const core = edgeCore(plan, inputs.core);
  const observer = {
    ...fanOutChart([]),
    stateNoted: noted,
    charted(report: PassReport) {
      charted = report;
    },
  };
  let charted: PassReport | undefined;
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  let published: DynamicConfig | undefined;
  let before: Decision | undefined;
  const decided: { present?: DryDecision; next?: DryDecision } = {};
  const daemon = createDaemon({
    catalogs: inputs.catalogs.map((catalog) => ({ ...catalog, lastGood: state.lastGood(catalog.name) })),
    chart: {
      path: file,
      async read() {
        const found = await onDisk.read();
        published = found.kind === "ours" ? parseChart(found.text) : undefined;
        return found;
      },
      publish: async () => ({ didWrite: false }),
    },
    kept: state.kept,
    versions: { keep: async () => {}, list: async () => [], text: async () => undefined },
    // What is worked out is what its release would bring.
    rollback: { load: async () => ({ kind: "absent" }), save: async () => {} },
    quietWindow: {
      changed: news.tell,
      lookAgainAt() {},
      published() {},
      asks() {},
      next: () => Promise.reject(new Error("no run")),
    },
    clock,
    observer,
    settings: core,
    operatorConfig: inputs.operatorConfig,
    neighbours: neighbours.current,
  });
  await daemon.start();
  const stored = (await loadState(state.rollback, observer)) ?? undefined;
  const rollback = stored !== undefined && parseChart(stored.text) !== undefined ? stored : undefined;
  const madeBy = (await loadState(state.kept, { setAside() {}, stateNoted() {} }))?.removals.provenance;

  async function pass(signal: AbortSignal): Promise<void> {
    await daemon.pass(systemClock.nowMs(), signal);
  }

  /** A pass begins to read beside the watch what is registered on machines: by each decision anew. */
  async function reading(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const ended = new AbortController();
    try {
      await work(ended.signal);
    } finally {
      ended.abort();
    }
  }

  async function decisionNow(signal: AbortSignal): Promise<PassReport> {
    const timesBefore = news.times();
    await pass(signal);
    // A first chart waits for the catalogs that have not answered, and is made without them then.
    if (charted === undefined) aheadMs = FIRST_CHART_PATIENCE_MS;
    if (charted === undefined) await pass(signal);
    if (charted === undefined) throw new Error("a pass after a catalog has answered decides nothing");
    const { changes, memory } = charted.decision;
    const readings = [
      memory.removals.heldPorts.size,
      memory.healthChecks.places.length,
      memory.statics.places.length,
    ].filter((places) => places > 0);
    if (readings.length === 0 || inputs.catalogs.every(({ source }) => source.registeredAt === undefined))
      return charted;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(REGISTRATIONS_MS)]);
    while (!patience.aborted && news.times() < timesBefore + readings.length)
      await news.next(REGISTRATIONS_MS, patience);
    await pass(signal);
    return { ...charted, decision: { ...charted.decision, changes: [...changes, ...charted.decision.changes] } };
  }

  return {
    async remember() {
      await reading((signal) => pass(signal));
      before = charted?.decision;
    },
    async decide(which) {
      await reading(async (signal) => {
        const { decision, snapshots } = await decisionNow(signal);
        const by = { settings: core(), operatorConfig: inputs.operatorConfig(), neighbours: neighbours.current() };
        decided[which] = { decision, snapshots, ...by };
      });
    },
    result() {
      if (decided.present === undefined) throw new Error("nothing was decided");
      return { name, file, published, rollback, madeBy, before, present: decided.present, next: decided.next };
    },
  };
}
