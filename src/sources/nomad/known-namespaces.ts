import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogRead, ServiceList } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { splitServiceKey } from "./service-key.ts";

/** The namespaces that a list of all of them has shown. */
export interface KnownNamespaces {
  /** Namespaces of which it is known from before a restart that they had services. */
  recall(names: Iterable<string>): Promise<void>;
  /** A list of all namespaces has come: finds out which of those that it lacks are denied. Rejects with a CatalogError. */
  listed(services: ServiceList, how: CatalogRead): Promise<void>;
}

/**
 * With `*` Nomad lists the namespaces that a token may read, and leaves out others without a word: one whose services have
 * all gone and one that the token has lost look alike. Asked for by its name, the one is empty and the other is denied (403).
 * One that is empty is forgotten.
 *
 * @param read the services of one namespace
 * @param told `denied`: of all namespaces that are denied, before a list without them counts; `shown`: of those in a list
 */
export function createKnownNamespaces(
  read: (namespace: string, how: CatalogRead) => Promise<BlockingAnswer<ServiceList>>,
  told: { denied?(namespaces: readonly string[]): void; shown?(namespaces: ReadonlySet<string>): void },
): KnownNamespaces {
  const known = new Set<string>();
  let latest: { readonly names: ReadonlySet<string>; readonly how: CatalogRead } | undefined;

  async function judge(names: ReadonlySet<string>, how: CatalogRead): Promise<void> {
    const found: string[] = [];
    for (const name of [...known].filter((one) => !names.has(one))) {
      try {
        const { value } = await read(name, { ...how, index: 0n });
        if (value.size === 0) known.delete(name);
      } catch (error) {
        if (!(error instanceof CatalogError) || error.code !== "E_CATALOG_DENIED") throw error;
        found.push(name);
      }
    }
    told.denied?.(found);
  }

  return {
    async recall(names) {
      for (const name of names) known.add(name);
      // A list that came before this was not compared with them.
      if (latest !== undefined) await judge(latest.names, latest.how);
    },
    async listed(services, how) {
      const names = new Set(Array.from(services.keys(), (key) => splitServiceKey(key).namespace));
      for (const name of names) known.add(name);
      latest = { names, how };
      told.shown?.(names);
      await judge(names, how);
    },
  };
}
