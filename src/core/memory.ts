import type { RuleBudgetCarry } from "./budgets/bound-rules.ts";
import { catalogNameIn } from "./catalog/snapshot.ts";
import { type Explanation, nothingExplained } from "./changes/explanation.ts";
import type { Damping } from "./damping/damping.ts";
import { type ForeignChecks, NO_FOREIGN_CHECKS } from "./health-checks/foreign-checks.ts";
import { type HostsCarry, NO_HOSTS_CARRY } from "./hosts/carry.ts";
import { type KeptDefinitions, NO_KEPT_DEFINITIONS } from "./instances/kept-definitions.ts";
import type { TranslationMemory } from "./instances/translate-instances.ts";
import type { MergeMemory } from "./merge/merge-memory.ts";
import type { Owner } from "./merge/owner.ts";
import { NO_REFERENCES, type ReferencesMemory } from "./merge/unknown-references.ts";
import type { Hold } from "./removals/hold.ts";
import { type LastPass, NO_REMOVALS, type RemovalsMemory } from "./removals/removals-memory.ts";
import type { ChartMemory } from "./render/write-chart.ts";
import { NO_STATICS, type StaticsCarry } from "./static-entries/report-registered-statics.ts";
import type { DynamicConfig, ResourceKey } from "./traefik/chart/dynamic-config.ts";
import type { SizesCarry } from "./unfolding/bound-sizes.ts";

/** What one pass hands to the next: a field for each stage, which no other stage reads. `KeptMemory` survives a restart. */
export interface Memory {
  /** Undefined before the first pass. */
  readonly damping: Damping | undefined;
  readonly translation: TranslationMemory;
  /** Saves the next pass work and changes nothing about its result. */
  readonly merge: MergeMemory | undefined;
  readonly references: ReferencesMemory;
  /** What the rules cost, and those that cost too much; saves work. */
  readonly rules: RuleBudgetCarry | undefined;
  readonly definitions: KeptDefinitions;
  readonly hosts: HostsCarry;
  /** Name → its owner. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly removals: RemovalsMemory;
  /** Says what is to be read beside the watch. */
  readonly healthChecks: ForeignChecks;
  /** The same for the fixed addresses in the operator's files. */
  readonly statics: StaticsCarry;
  /** What everything unfolds to, and what is too large; saves work. */
  readonly sizes: SizesCarry | undefined;
  readonly chart: ChartMemory;
  readonly changes: Explanation;
}

/** What survives a restart beside the chart; of the holds those that only an operator ends. */
export interface KeptMemory extends Pick<Memory, "owners"> {
  readonly references: Pick<ReferencesMemory, "closed">;
  readonly definitions: Pick<KeptDefinitions, "routers">;
  readonly hosts: Pick<HostsCarry, "owners" | "sharingGroups">;
  readonly removals: Pick<
    RemovalsMemory,
    "leftAtMs" | "released" | "holds" | "heldPorts" | "provenance" | "sleepers" | "paged"
  >;
  readonly chart: Pick<ChartMemory, "operatorNames" | "defaultMiddlewares">;
}

const NOTHING_KEPT: KeptMemory = {
  owners: new Map(),
  references: NO_REFERENCES,
  definitions: NO_KEPT_DEFINITIONS,
  hosts: NO_HOSTS_CARRY,
  removals: NO_REMOVALS,
  chart: { operatorNames: new Map(), defaultMiddlewares: {} },
};

/**
 * Before the first pass: all that is known is the file on disk, if there is one.
 *
 * @param catalogNames those that are charted, where they have names: owners of others, and of the one that had none, are
 *   not waited for
 */
export function initialMemory(
  published: DynamicConfig | undefined,
  kept: KeptMemory = NOTHING_KEPT,
  catalogNames: readonly string[] = [],
): Memory {
  const isCharted = ({ service }: Owner) => catalogNames.includes(catalogNameIn(service) ?? "");
  const owners =
    catalogNames.length === 0 ? kept.owners : new Map([...kept.owners].filter(([, owner]) => isCharted(owner)));
  const { sharingGroups } = kept.hosts;
  const { leftAtMs, released, holds, heldPorts, provenance, sleepers, paged } = kept.removals;
  const { operatorNames, defaultMiddlewares } = kept.chart;
  const services = new Map();
  return {
    damping: undefined,
    translation: { services, latest: undefined },
    merge: undefined,
    references: { sound: undefined, closed: kept.references.closed },
    rules: undefined,
    definitions: { ...NO_KEPT_DEFINITIONS, routers: kept.definitions.routers },
    hosts: { ...NO_HOSTS_CARRY, owners: kept.hosts.owners, sharingGroups },
    owners,
    removals: { ...NO_REMOVALS, leftAtMs, released, holds, heldPorts, provenance, sleepers, paged },
    healthChecks: NO_FOREIGN_CHECKS,
    statics: NO_STATICS,
    sizes: undefined,
    chart: { published, operatorNames, defaultMiddlewares, rendered: undefined, unused: undefined },
    changes: nothingExplained(owners, operatorNames),
  };
}

/** The same without what only saves work: a pass comes to the same with it. */
export function withoutCaches(memory: Memory): Memory {
  return {
    ...memory,
    translation: { ...memory.translation, latest: undefined },
    merge: undefined,
    references: { ...memory.references, sound: undefined },
    rules: undefined,
    sizes: undefined,
    definitions: { ...memory.definitions, instead: NO_KEPT_DEFINITIONS.instead },
    hosts: { ...memory.hosts, index: undefined },
    chart: { ...memory.chart, rendered: undefined, unused: undefined },
  };
}

/** What the last pass came to, as far as stages may know it. */
export function lastPassOf(memory: Memory): LastPass & { readonly holds: readonly Hold[] } {
  const { chart, owners, translation, hosts, removals, damping } = memory;
  return {
    chart: chart.published,
    owners,
    services: translation.services,
    absentGroups: hosts.sharingGroups,
    instances:
      translation.latest?.grouped.instances ??
      [...translation.services.values()].flat().map(({ instance }) => instance),
    operatorNames: chart.operatorNames,
    holds: removals.holds,
    isFirst: damping === undefined,
  };
}
