import { memoize } from "../incremental/memoize.ts";
import type { DefaultMiddlewares } from "../settings.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { withOtherDefaults } from "./dressed-router.ts";

/**
 * A published chart as it would be by other default middlewares: routers that are held or retained must not stay without what
 * the operator demands now. Where a router was allowed to be without, it has them until its service says so again: whether
 * that is still open cannot be told without an instance.
 *
 * @param before the default middlewares by which the chart was made
 * @param operatorNames the names in it that the operator defined, which have none
 */
export function carriedOver(
  chart: DynamicConfig | undefined,
  before: DefaultMiddlewares,
  now: DefaultMiddlewares,
  operatorNames: ReadonlyMap<ResourceKey, unknown>,
): DynamicConfig | undefined {
  if (chart === undefined || before === now || textOf(before) === textOf(now)) return chart;
  const patch = patchConfig(chart);
  for (const [name, router] of chart["http/routers"]) {
    if (operatorNames.has(resourceKey("http/routers", name))) continue;
    patch.put("http/routers", name, withOtherDefaults(router, before, now));
  }
  return patch.result();
}

/** The order counts, as it does in a chart. */
const textOf = memoize((defaults: DefaultMiddlewares) => JSON.stringify(Object.entries(defaults)));
