import { AppError } from "../base/errors.ts";
import type { Decision } from "../core/decision.ts";
import { publishedHosts } from "../core/hosts/published-hosts.ts";
import { type Memory, withoutCaches } from "../core/memory.ts";
import type { DynamicConfig } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import type { DaemonObserver } from "../observe/observer.ts";
import type { ChartVersions } from "./chart-versions.ts";
import { type DaemonState, loadState } from "./daemon-state.ts";

/** An earlier chart that the operator has published again, and that stays until the operator releases it. */
export interface Rollback {
  /** Its version. */
  readonly number: number;
  readonly sinceMs: number;
  readonly text: string;
}

/** The rollback that is in force, on disk and here. */
export interface RollbackKeeper {
  current(): Rollback | undefined;
  load(observer: DaemonObserver): Promise<void>;
  /** Throws AppError: E_VERSION_UNKNOWN, and where it cannot be stored, since it has to survive a restart. */
  begin(number: number, nowMs: number): Promise<Rollback>;
  end(nowMs: number): Promise<void>;
}

export function createRollbackKeeper(versions: ChartVersions, state: DaemonState<Rollback | null>): RollbackKeeper {
  let current: Rollback | undefined;
  return {
    current: () => current,
    async load(observer) {
      const stored = (await loadState(state, observer)) ?? undefined;
      if (stored !== undefined && parseChart(stored.text) !== undefined) current = stored;
    },
    async begin(number, nowMs) {
      const text = await versions.text(number);
      if (text === undefined || parseChart(text) === undefined) throw unknownVersion(number);
      const begun = { number, sinceMs: nowMs, text };
      await state.save(begun, nowMs);
      current = begun;
      return begun;
    },
    async end(nowMs) {
      await state.save(null, nowMs);
      current = undefined;
    },
  };
}

/**
 * The memory once an earlier chart is published again. It stays as it is until the release, since that chart is what the
 * next one is compared with: routers that the catalog no longer has by then leave as if they had been served all the time,
 * guarded and with the full grace. Names and hosts keep the owners they had before: an owner that is not in the earlier
 * chart must not find its host taken.
 */
export function rolledBack(memory: Memory, published: DynamicConfig | undefined): Memory {
  const { hosts, removals, chart, ...rest } = withoutCaches(memory);
  return {
    ...rest,
    hosts: { ...hosts, owners: publishedHosts(chart.published, memory.owners, hosts.owners) },
    removals: { ...removals, leftAtMs: new Map(), released: new Set(), holds: [] },
    chart: { ...chart, published },
  };
}

/** What is reported of a pass whose decision is withheld: the published chart, and no changes, since no route changed. */
export function withheld(decision: Decision, memory: Memory, text: string): Decision {
  return { ...decision, text, chart: memory.chart.published ?? decision.chart, memory, changes: [] };
}

function unknownVersion(number: number): AppError {
  return new AppError(`there is no version ${number} of this chart; portolan rollback without a number lists them`, {
    code: "E_VERSION_UNKNOWN",
    retryable: false,
  });
}
