import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogRead, ServiceList } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { splitServiceKey } from "./service-key.ts";

/** The namespaces that must not be taken for empty where a list of all of them lacks them. */
export interface KnownNamespaces {
  /** Namespaces of which it is known from before a restart that they had services. */
  recall(names: Iterable<string>): Promise<void>;
  /**
   * A list of all namespaces has come: finds out which of those that it lacks are denied. Returns the services of those that
   * it lacks, and that show some where they are asked for by their name. Rejects with a CatalogError.
   */
  listed(services: ServiceList, how: CatalogRead): Promise<ServiceList>;
}

export interface KnownNamespacesParts {
  /** Those that the settings name, each of which is asked for where a list lacks it; none with `*`. */
  readonly named: readonly string[];
  /** Reads the services of one namespace. */
  read(namespace: string, how: CatalogRead): Promise<BlockingAnswer<ServiceList>>;
  /** Told of all namespaces that are denied, before a list without them counts. */
  denied(namespaces: readonly string[]): void;
  /** Told of those in a list. */
  shown(namespaces: ReadonlySet<string>): void;
}

/**
 * Asked for all namespaces Nomad lists those that a token may read, and leaves out others without a word: one whose services
 * have all gone and one that the token has lost look alike. Asked for by its name, the one is empty and the other is denied
 * (403). An empty one that the settings do not name is forgotten. The namespace of a task whose identity has no policy shows
 * its services where it is asked for by its name, and nowhere else.
 */
export function createKnownNamespaces({ named, read, denied, shown }: KnownNamespacesParts): KnownNamespaces {
  const known = new Set<string>(named);
  let latest: { readonly names: ReadonlySet<string>; readonly how: CatalogRead } | undefined;

  async function judge(names: ReadonlySet<string>, how: CatalogRead): Promise<ServiceList> {
    const found: string[] = [];
    const unlisted = new Map<string, readonly string[]>();
    for (const name of [...known].filter((one) => !names.has(one))) {
      try {
        const { value } = await read(name, { ...how, index: 0n });
        if (value.size === 0 && !named.includes(name)) known.delete(name);
        for (const [service, tags] of value) unlisted.set(service, tags);
      } catch (error) {
        if (!(error instanceof CatalogError) || error.code !== "E_CATALOG_DENIED") throw error;
        found.push(name);
      }
    }
    denied(found);
    return unlisted;
  }

  return {
    async recall(names) {
      for (const name of names) if (named.length === 0 || named.includes(name)) known.add(name);
      // A list that came before this was not compared with them.
      if (latest !== undefined) await judge(latest.names, latest.how);
    },
    async listed(services, how) {
      const names = new Set(Array.from(services.keys(), (key) => splitServiceKey(key).namespace));
      for (const name of names) known.add(name);
      latest = { names, how };
      shown(names);
      return await judge(names, how);
    },
  };
}
