import { sectionOfChange } from "../../core/changes/route-change.ts";
import type { Decision } from "../../core/decision.ts";
import { routersGone } from "../../core/traefik/chart/changed-names.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../../core/traefik/chart/dynamic-config.ts";

/** Since when routers are live. It forgets those that go. */
export interface LiveSince {
  /** Those that came, or got a server again, since the start. */
  readonly current: ReadonlyMap<ResourceKey, number>;
  /** @param before the chart that was published before, where one was since the start */
  charted(decision: Pick<Decision, "chart" | "changes">, before: DynamicConfig | undefined, nowMs: number): void;
}

export function createLiveSince(): LiveSince {
  const since = new Map<ResourceKey, number>();
  return {
    current: since,
    charted({ chart, changes }, before, nowMs) {
      for (const change of changes) {
        const { kind, router } = change;
        const section = sectionOfChange(change);
        if (section === undefined) continue;
        const key = resourceKey(section, router);
        if (kind === "added" || kind === "restored") since.set(key, nowMs);
        else if (kind === "removed") since.delete(key);
      }
      // An order of the operator's, a rollback, changes the chart without changes of its own.
      if (changes.length > 0 || before === undefined || before === chart) return;
      for (const { key } of routersGone(before, chart)) since.delete(key);
      for (const { key } of routersGone(chart, before)) since.set(key, nowMs);
    },
  };
}
