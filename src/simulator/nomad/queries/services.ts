import { ALL_NAMESPACES, isAsked, mayReadSomeJobs, type Rights } from "../rights.ts";
import type { ServiceRow } from "../rows/registration.ts";
import { GROUP } from "../state/groups.ts";
import type { NomadQuery } from "./query.ts";

/**
 * For each namespace that has services: their names with the union of the tags of their registrations. The body says
 * nothing of addresses, but every registration is news.
 */
export function listServices(namespace: string, rights: Rights): NomadQuery {
  return ({ services }) => {
    // Nomad's own words for a token without rights: an empty list, which has no index.
    if (namespace === ALL_NAMESPACES && !mayReadSomeJobs(rights)) return { index: 0, watched: ["services"], body: [] };
    const namespaces = new Map<string, Map<string, Set<string>>>();
    for (const row of services.rows()) {
      if (!isAsked(row.Namespace, namespace, rights)) continue;
      const byName = entryOf(namespaces, row.Namespace, () => new Map<string, Set<string>>());
      const union = entryOf(byName, row.ServiceName, () => new Set<string>());
      for (const tag of row.Tags ?? []) union.add(tag);
    }
    return {
      index: services.index,
      watched: [namespace === ALL_NAMESPACES ? "services" : GROUP.namespace(namespace)],
      body: [...namespaces].map(([Namespace, byName]) => ({
        Namespace,
        Services: [...byName].map(([ServiceName, tags]) => ({ ServiceName, Tags: [...tags] })),
      })),
    };
  };
}

/**
 * The registrations of one service. The index is that of the whole table, but only this service's rows are watched: an
 * open query sleeps through a change elsewhere, one that is asked again answers at once.
 */
export function readService(namespace: string, service: string, isChosen: (row: ServiceRow) => boolean): NomadQuery {
  return ({ services }) => {
    const group = GROUP.service(namespace, service);
    const rows = services.group(group);
    return {
      index: services.index,
      watched: [rows.length === 0 ? "services" : group],
      body: rows.toSorted((one, other) => (one.ID < other.ID ? -1 : 1)).filter(isChosen),
    };
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
