import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
import { type ConfigObject, type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { isLeftOutUnused, usedIn } from "./without-unused.ts";
import type { ChartMemory } from "./write-chart.ts";

type PublishedChart = Pick<ChartMemory, "published" | "operatorNames">;

/**
 * Whether two charts serve differently: whether anything differs in them but services and middlewares that no router leads
 * to. Such there are with `compat: traefik` only. What the operator defines may serve routers in files of the operator's own.
 */
export function isServedDifferently(before: PublishedChart, after: PublishedChart): boolean {
  const [old, chart] = [before.published, after.published];
  if (old === undefined || chart === undefined) return true;
  const isOperators = (key: ResourceKey) => before.operatorNames.has(key) || after.operatorNames.has(key);
  const [wasUsed, isUsed] = [usedIn(old, isOperators), usedIn(chart, isOperators)];
  return SECTIONS.some((section) =>
    changedNames(old[section], chart[section]).some(
      (name) =>
        (!isLeftOutUnused(section) || [wasUsed, isUsed].some((by) => by(resourceKey(section, name)))) &&
        textOf(old[section].get(name)) !== textOf(chart[section].get(name)),
    ),
  );
}

/** A chart that was read from the file has other objects than the one that it was written from. */
function textOf(object: ConfigObject | undefined): string {
  return object === undefined ? "" : canonicalJson(object);
}
