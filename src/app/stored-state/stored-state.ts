import { z } from "zod";
import { PARTIAL_VIEW_REASONS, PLAIN, type ServiceInstance } from "../../core/catalog/snapshot.ts";
import { isSameList } from "../../core/incremental/same-list.ts";
import { instancesByService } from "../../core/instances/translated-services.ts";
import type { KeptMemory } from "../../core/memory.ts";
import type { Hold } from "../../core/removals/hold.ts";
import { isResourceKey, type ResourceKey } from "../../core/traefik/chart/dynamic-config.ts";
import type { DaemonState } from "../../daemon/daemon-state.ts";
import { lastingHolds, type StoredSnapshot } from "../../daemon/kept-state.ts";
import type { Rollback } from "../../daemon/rollback.ts";
import { createJournalFile } from "../../output/state/journal-file.ts";
import { createStateFile } from "../../output/state/state-file.ts";
import type { KeptRanges } from "../dynamic-ports/dynamic-ports.ts";
import { packRecords, unpackRecords } from "./packed-records.ts";

const KEPT_FORMAT = 2;
const LAST_GOOD_FORMAT = 2;

const owner = z.object({ service: z.string(), goneAtMs: z.number().exactOptional() });

const keptHead = z.object({
  leftAtMs: z.record(z.string(), z.number()),
  released: z.array(z.string()).default([]),
  statics: z.record(z.string(), z.string()),
  hosts: z.record(z.string(), z.string()),
  families: z.record(z.string(), z.array(z.string())),
  madeBy: z.object({ settings: z.string().exactOptional(), sources: z.record(z.string(), z.string()) }).exactOptional(),
  unmeant: z.object({ routers: z.array(z.string()), sinceMs: z.number() }).exactOptional(),
});

const snapshotHead = z.object({
  source: z.string(),
  readAtMs: z.number(),
  signs: z.array(z.enum(PARTIAL_VIEW_REASONS)).readonly().exactOptional(),
});

const instances = z.array(
  z.object({
    catalog: z.enum(["consul", "nomad"]),
    service: z.string(),
    id: z.string(),
    node: z.string(),
    nodeId: z.string(),
    datacenter: z.string(),
    namespace: z.string(),
    job: z.string().exactOptional(),
    nodeAddress: z.string(),
    address: z.string(),
    port: z.number(),
    tags: z.array(z.string()),
    checks: z.array(
      z.object({ id: z.string(), name: z.string(), status: z.string(), ofNode: z.literal(true).exactOptional() }),
    ),
    // Left out where they say nothing.
    meta: z.record(z.string(), z.string()).default(PLAIN.meta),
    taggedAddresses: z
      .record(z.string(), z.object({ address: z.string(), port: z.number() }))
      .default(PLAIN.taggedAddresses),
    weights: z.object({ passing: z.number(), warning: z.number() }).default(PLAIN.weights),
    createIndex: z.number(),
  }),
);

/** Where the last good slice of one source is kept: a line for each service, and a change costs the lines that it changes. */
export function createLastGoodFile(path: string): DaemonState<StoredSnapshot> {
  const file = createJournalFile({
    path,
    format: LAST_GOOD_FORMAT,
    encodeItem: (own: readonly ServiceInstance[]) => packRecords(own, PLAIN),
    decodeHead: (value) => snapshotHead.safeParse(value).data,
    decodeItem: (value) => instances.safeParse(unpackRecords(value)).data,
    isSame: (one, other) => isSameList(one, other),
  });
  return {
    async load() {
      const loaded = await file.load();
      if (loaded.kind !== "loaded") return loaded;
      const { head, items } = loaded.value;
      const { signs, ...known } = head;
      const reasons = signs === undefined ? {} : { partialViewReasons: signs };
      return { ...loaded, value: { ...known, ...reasons, instances: [...items.values()].flat() } };
    },
    save({ instances, partialViewReasons, ...known }, nowMs) {
      const head = { ...known, ...(partialViewReasons === undefined ? {} : { signs: partialViewReasons }) };
      return file.save({ head, items: instancesByService(instances) }, nowMs);
    },
  };
}

/** Where owners, absences and the operator's names of one chart are kept: a line for each owner. */
export function createKeptFile(path: string): DaemonState<KeptMemory> {
  const file = createJournalFile({
    path,
    format: KEPT_FORMAT,
    encodeItem: (one: z.infer<typeof owner>) => one,
    decodeHead: (value) => keptHead.safeParse(value).data,
    decodeItem: (value) => owner.safeParse(value).data,
    isSame: (one, other) => one === other,
  });
  return {
    async load() {
      const loaded = await file.load();
      if (loaded.kind !== "loaded") return loaded;
      const { head, items } = loaded.value;
      const { leftAtMs, released, statics, hosts, families, madeBy, unmeant } = head;
      const value = {
        owners: keyed(items),
        leftAtMs: keyed(Object.entries(leftAtMs)),
        released: new Set(released.filter(isResourceKey)),
        operatorConfig: keyed(Object.entries(statics)),
        hosts: new Map(Object.entries(hosts)),
        sharingGroups: new Map(Object.entries(families).map(([service, signs]) => [service, new Set(signs)])),
        ...(madeBy === undefined
          ? {}
          : { provenance: { ...madeBy, sources: new Map(Object.entries(madeBy.sources)) } }),
        holds: unmeant === undefined ? [] : [settingsHold(unmeant)],
      };
      return { ...loaded, value };
    },
    async save({ owners, leftAtMs, released, operatorConfig, hosts, sharingGroups, provenance, holds }, nowMs) {
      const [unmeant] = lastingHolds({ holds });
      const head = {
        leftAtMs: Object.fromEntries(leftAtMs),
        released: [...released],
        statics: Object.fromEntries(operatorConfig),
        hosts: Object.fromEntries(hosts),
        families: Object.fromEntries([...sharingGroups].map(([service, signs]) => [service, [...signs]])),
        ...(provenance === undefined
          ? {}
          : { madeBy: { ...provenance, sources: Object.fromEntries(provenance.sources) } }),
        ...(unmeant === undefined ? {} : { unmeant: { routers: [...unmeant.routers], sinceMs: unmeant.sinceMs } }),
      };
      await file.save({ head, items: owners }, nowMs);
    },
  };
}

const rollback = z.object({ number: z.number(), sinceMs: z.number(), text: z.string() }).nullable();

/** Where the rollback of one chart is kept while it is in force, with its text. */
export function createRollbackFile(path: string): DaemonState<Rollback | null> {
  return createStateFile({ path, format: 1, decode: (value) => rollback.safeParse(value).data });
}

function settingsHold({ routers, sinceMs }: { routers: readonly string[]; sinceMs: number }): Hold {
  return { kind: "settings-change", routers: routers.filter(isResourceKey), sinceMs };
}

/** What another version may have kept under other keys is of no use here. */
function keyed<T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<ResourceKey, T> {
  const known = new Map<ResourceKey, T>();
  for (const [key, value] of entries) if (isResourceKey(key)) known.set(key, value);
  return known;
}

/** The operator's files as they were last good; undefined where the file holds something else. */
export function decodeSnippets(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return z.record(z.string(), z.unknown()).safeParse(value).data;
}

const range = z.object({ first: z.number().int(), last: z.number().int() });
const keptRanges = z.record(z.string(), z.object({ clients: z.number().int(), ranges: z.array(range).min(1) }));

/** What each Nomad told last of its dynamic ports; undefined where the file holds something else. */
export function decodeKeptRanges(value: unknown): KeptRanges | undefined {
  return keptRanges.safeParse(value).data;
}
