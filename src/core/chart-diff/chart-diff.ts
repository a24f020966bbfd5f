import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  SECTIONS,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { reachIn } from "./reach-in.ts";

/** One thing that two charts define differently. The objects hold secrets: what is shown of them are `fieldChanges`. */
export interface ResourceDiff {
  readonly key: ResourceKey;
  readonly kind: "added" | "removed" | "changed";
  /** Absent where it was added. */
  readonly before?: ConfigObject;
  /** Absent where it was removed. */
  readonly after?: ConfigObject;
}

/** A router that is another one, or leads to something that is. */
export interface RouterDiff {
  readonly key: ResourceKey;
  readonly kind: "added" | "removed" | "changed";
  /** What differs: the router itself first, where it does, then what it leads to, in the order of the chart's sections. */
  readonly resources: readonly ResourceDiff[];
}

/** What differs between two charts. */
export interface ChartDiff {
  /** In the order of sections and names. What several routers lead to is the same object in each of them. */
  readonly routers: readonly RouterDiff[];
  /** What no router leads to by a name, such as the TLS options that count where a router names none. */
  readonly others: readonly ResourceDiff[];
  /** How many routers are added, changed and removed. */
  readonly counts: Readonly<Record<RouterDiff["kind"], number>>;
}

/**
 * What differs between two charts, by router with all that it leads to: service, servers, middlewares, transports and TLS
 * options, directly or through others. Objects compare by their meaning.
 */
export function diffCharts(before: DynamicConfig, after: DynamicConfig): ChartDiff {
  const resources = SECTIONS.flatMap((section) => diffSection(section, before, after));
  const changed = new Map(resources.map((one, rank) => [one.key, { ...one, rank }]));
  const used = new Set<ResourceKey>();
  const counts = { added: 0, changed: 0, removed: 0 };
  const routers: RouterDiff[] = [];
  const reaches = changed.size === 0 ? [] : [before, after].map((chart) => reachIn(chart, changed));
  for (const key of reaches.length === 0 ? [] : routersOfBoth(before, after)) {
    const differing = new Set(reaches.flatMap((reach) => [...reach(key)]));
    if (differing.size === 0) continue;
    const ranked = [...differing].map((one) => changed.get(one)).filter((one) => one !== undefined);
    ranked.sort((one, other) => one.rank - other.rank);
    const kind = changed.get(key)?.kind ?? "changed";
    routers.push({
      key,
      kind,
      resources: ranked.map(({ rank }) => resources[rank]).filter((one) => one !== undefined),
    });
    for (const one of differing) used.add(one);
    counts[kind] += 1;
  }
  return { routers, others: resources.filter(({ key }) => !used.has(key)), counts };
}

/** Do both charts mean the same? */
export function isEmptyDiff({ routers, others }: ChartDiff): boolean {
  return routers.length === 0 && others.length === 0;
}

function diffSection(section: Section, before: DynamicConfig, after: DynamicConfig): readonly ResourceDiff[] {
  return changedNames(before[section], after[section])
    .toSorted()
    .flatMap((name): readonly ResourceDiff[] => {
      const [was, is] = [before[section].get(name), after[section].get(name)];
      const isSame = was !== undefined && is !== undefined && canonicalJson(was) === canonicalJson(is);
      return isSame ? [] : [resourceDiff(resourceKey(section, name), was, is)];
    });
}

/** A thing that is not the same before and after; undefined where it is not there. */
export function resourceDiff(
  key: ResourceKey,
  before: ConfigObject | undefined,
  after: ConfigObject | undefined,
): ResourceDiff {
  if (before === undefined) return { key, kind: "added", ...(after && { after }) };
  return after === undefined ? { key, kind: "removed", before } : { key, kind: "changed", before, after };
}

/** The routers of either chart, in the order of sections and names. */
function routersOfBoth(before: DynamicConfig, after: DynamicConfig): readonly ResourceKey[] {
  return ROUTER_SECTIONS.flatMap((section) => {
    const names = new Set([...before[section].keys(), ...after[section].keys()]);
    return [...names].sort().map((name) => resourceKey(section, name));
  });
}
