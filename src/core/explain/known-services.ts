import { instancesOf } from "../catalog/by-catalog-name.ts";
import { instancesByService } from "../catalog/grouped-instances.ts";
import { catalogNameIn, type ServiceInstance } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import { translateInstance } from "../instances/instance.ts";
import { type Translated, translatedAt } from "../instances/instance-state.ts";
import type { Decided } from "./decided.ts";

/** One instance that the catalog shows, and how the pass counted it; undefined where it waits. */
export interface KnownInstance {
  readonly instance: ServiceInstance;
  readonly translated: Translated | undefined;
}

/** All that a pass knows of one service. */
export interface KnownService {
  readonly key: string;
  readonly instances: readonly KnownInstance[];
}

/** All that the catalogs show, by service key. Made once for each pass. */
const shown = memoize((snapshots: Decided["snapshots"]) => instancesByService(instancesOf(snapshots)));

/** The keys of all services that the catalogs show, and of those that own a name all the same. */
export function serviceKeys({ snapshots, decision }: Decided): ReadonlySet<string> {
  return keysIn(snapshots)(decision.memory.owners);
}

const keysIn = memoize((snapshots: Decided["snapshots"]) =>
  memoize((owners: Decided["decision"]["memory"]["owners"]): ReadonlySet<string> => {
    return new Set([...shown(snapshots).keys(), ...Array.from(owners.values(), ({ service }) => service)]);
  }),
);

/**
 * The services that a name stands for: a key (`web`, `team/web`, `dc1:web`), else every service of that name, in whatever
 * namespace or catalog.
 */
export function servicesNamed(name: string, decided: Decided): readonly string[] {
  const keys = serviceKeys(decided);
  if (keys.has(name)) return [name];
  return [...keys].filter((key) => localName(key) === name || withoutCatalog(key) === name);
}

function withoutCatalog(key: string): string {
  const catalogName = catalogNameIn(key);
  return catalogName === undefined ? key : key.slice(catalogName.length + 1);
}

/** The service's own name in a key. A name of Consul's may have slashes, too: then the instances tell. */
function localName(key: string): string {
  return withoutCatalog(key).replace(/^[^/]+\//, "");
}

/** A service as the catalogs show it and as the pass counted it. */
export function knownService(key: string, { snapshots, decision }: Decided): KnownService {
  const { translation, definitions } = decision.memory;
  const kept = new Map([[key, definitions.instead.get(key)?.kept ?? []]]);
  const own = shown(snapshots).get(key) ?? [];
  const instances = own.map((instance): KnownInstance => {
    const counted = translatedAt(kept, instance) ?? translatedAt(translation.services, instance);
    return { instance, translated: counted };
  });
  return { key, instances };
}

/**
 * What the tags of an unhealthy instance would come to if its health did not matter: the same function with lenient settings,
 * as `backends.failOpen` uses it.
 */
export function ifHealthy({ instance }: Translated, settings: Decided["settings"]): Translated {
  return translateInstance(instance, lenient(settings));
}

const lenient = memoize((settings: Decided["settings"]): Decided["settings"] => ({
  ...settings,
  traefik: { ...settings.traefik, strictChecks: ["any"] },
}));
