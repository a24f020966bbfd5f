import { z } from "zod";
import type { KeptMemory } from "../../core/memory.ts";
import { type Hold, lastingHolds, partlyReleasedHolds } from "../../core/removals/hold.ts";
import { changedNames } from "../../core/traefik/chart/changed-names.ts";
import { isResourceKey, type ResourceKey } from "../../core/traefik/chart/dynamic-config.ts";
import { toConfigObject } from "../../core/traefik/chart/parse-chart.ts";
import type { JournalContent } from "../../output/state/journal-content.ts";
import { createJournalFile } from "../../output/state/journal-file.ts";
import { mapState } from "../../output/state/loaded-state.ts";
import { lastingName } from "./lasting-name.ts";
import type { StoredState } from "./state-access.ts";

const FORMAT = 2;

const owner = z.object({
  service: z.string(),
  goneAtMs: z.number().exactOptional(),
  leftAtMs: z.number().exactOptional(),
});

const closedRouter = z.object({
  service: z.string(),
  sinceMs: z.number(),
  router: z.record(z.string(), z.unknown()).transform(toConfigObject),
});

/** The names are those of the first versions that wrote such files. */
const head = z.object({
  leftAtMs: z.record(z.string(), z.number()),
  released: z.array(z.string()).default([]),
  statics: z.record(z.string(), z.string()),
  hosts: z.record(z.string(), z.string()),
  families: z.record(z.string(), z.array(z.string()).readonly()),
  madeBy: z
    .object({ settings: z.string().exactOptional(), sources: z.record(z.string(), z.string().transform(lastingName)) })
    .exactOptional(),
  heldPorts: z
    .record(
      z.string(),
      z.object({ holders: z.array(z.string()), nodes: z.record(z.string(), z.array(z.string()).readonly()) }),
    )
    .exactOptional(),
  closed: z.record(z.string(), closedRouter).default({}),
  kept: z.record(z.string(), closedRouter).default({}),
  sleepers: z
    .record(z.string(), z.object({ sinceMs: z.number(), node: z.string(), leftAtMs: z.number().exactOptional() }))
    .default({}),
  paged: z.array(z.string()).default([]),
  defaultMiddlewares: z.record(z.string(), z.array(z.string()).readonly()).default({}),
  unmeant: z.object({ routers: z.array(z.string()), sinceMs: z.number() }).exactOptional(),
  stillHeld: z
    .array(z.object({ catalog: z.string().exactOptional(), routers: z.array(z.string()), sinceMs: z.number() }))
    .exactOptional(),
});

/** The file for owners, absences and the operator's names of one chart: a line for each owner. */
export function createChartStateFile(path: string): StoredState<KeptMemory> {
  const file = createJournalFile({
    path,
    format: FORMAT,
    encodeItem: (one: z.infer<typeof owner>) => one,
    decodeHead: (value) => head.safeParse(value).data,
    decodeItem: (value) => owner.safeParse(value).data,
    isSame: (one, other) => one === other,
    keysBetween: changedNames,
  });
  return {
    load: async () => mapState(await file.load(), keptMemory),
    look: async () => mapState(await file.look(), keptMemory),
    async save({ owners, references, definitions, hosts, removals, chart }, nowMs) {
      const { leftAtMs, released, provenance, heldPorts, sleepers, paged } = removals;
      const [unmeant] = lastingHolds(removals.holds);
      const left = partlyReleasedHolds(removals.holds);
      const head = {
        leftAtMs: Object.fromEntries(leftAtMs),
        released: [...released],
        sleepers: Object.fromEntries(sleepers),
        paged: [...paged],
        statics: Object.fromEntries(chart.operatorNames),
        defaultMiddlewares: chart.defaultMiddlewares,
        hosts: Object.fromEntries(hosts.owners),
        families: listsOf(hosts.sharingGroups),
        closed: Object.fromEntries(references.closed),
        kept: Object.fromEntries(definitions.routers),
        ...(provenance && { madeBy: { ...provenance, sources: Object.fromEntries(provenance.sources) } }),
        ...(heldPorts.size > 0 && {
          heldPorts: Object.fromEntries(
            [...heldPorts].map(([place, { holders, nodes }]) => [
              place,
              { holders: [...holders], nodes: listsOf(nodes) },
            ]),
          ),
        }),
        ...(unmeant && { unmeant: { routers: [...unmeant.routers], sinceMs: unmeant.sinceMs } }),
        ...(left.length > 0 && { stillHeld: left.map(leftRecord) }),
      };
      await file.save({ head, items: owners }, nowMs);
    },
  };
}

function keptMemory(content: JournalContent<z.infer<typeof head>, z.infer<typeof owner>>): KeptMemory {
  const { items } = content;
  const { leftAtMs, released, statics, hosts, families, madeBy, closed, kept, unmeant, heldPorts = {} } = content.head;
  const { sleepers, paged, defaultMiddlewares, stillHeld = [] } = content.head;
  return {
    owners: keyed(items),
    references: { closed: keyed(Object.entries(closed)) },
    definitions: { routers: keyed(Object.entries(kept)) },
    hosts: {
      owners: new Map(Object.entries(hosts)),
      sharingGroups: new Map(setsOf(families)),
    },
    removals: {
      leftAtMs: keyed(Object.entries(leftAtMs)),
      released: new Set(released.filter(isResourceKey)),
      sleepers: new Map(Object.entries(sleepers)),
      paged: new Set(paged.filter(isResourceKey)),
      holds: [...(unmeant === undefined ? [] : [settingsHold(unmeant)]), ...stillHeld.map(leftHold)],
      heldPorts: new Map(
        Object.entries(heldPorts).map(([place, { holders, nodes }]) => [
          place,
          { holders: new Set(holders), nodes: new Map(setsOf(nodes)) },
        ]),
      ),
      provenance: madeBy && { ...madeBy, sources: new Map(Object.entries(madeBy.sources)) },
    },
    chart: { operatorNames: keyed(Object.entries(statics)), defaultMiddlewares },
  };
}

function setsOf(
  lists: Readonly<Record<string, readonly string[]>>,
): readonly (readonly [string, ReadonlySet<string>])[] {
  return Object.entries(lists).map(([key, list]) => [key, new Set(list)] as const);
}

function listsOf(sets: ReadonlyMap<string, ReadonlySet<string>>): Record<string, readonly string[]> {
  return Object.fromEntries([...sets].map(([key, set]) => [key, [...set]]));
}

function settingsHold({ routers, sinceMs }: { routers: readonly string[]; sinceMs: number }): Hold {
  return { kind: "settings-change", routers: routers.filter(isResourceKey), sinceMs };
}

/** What an operator left held is doubted after a restart as a mass removal is, for whatever it was held before. */
function leftHold({ catalog, routers, sinceMs }: NonNullable<z.infer<typeof head>["stillHeld"]>[number]): Hold {
  const name = catalog === undefined ? {} : { catalogName: catalog };
  return { kind: "mass-removal", ...name, isPartlyReleased: true, routers: routers.filter(isResourceKey), sinceMs };
}

function leftRecord({ catalogName, routers, sinceMs }: Hold) {
  return { ...(catalogName === undefined ? {} : { catalog: catalogName }), routers: [...routers], sinceMs };
}

/** The entries by resource; keys of another form, which another version may have written, are dropped. */
function keyed<T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<ResourceKey, T> {
  const known = new Map<ResourceKey, T>();
  for (const [key, value] of entries) if (isResourceKey(key)) known.set(key, value);
  return known;
}
