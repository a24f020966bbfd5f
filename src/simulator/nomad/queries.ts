import type { View } from "../api/blocking.ts";
import type { ServiceRow } from "./registration.ts";
import { type NomadState, WATCH } from "./state.ts";

export type NomadQuery = (state: NomadState) => View;

/** Every namespace, where a query names this one. */
const ALL_NAMESPACES = "*";

/**
 * For each namespace that has services: their names with the union of the tags of their registrations. The body says
 * nothing of addresses, but every registration is news.
 */
export function listServices(namespace: string): NomadQuery {
  return (state) => {
    const namespaces = new Map<string, Map<string, Set<string>>>();
    for (const row of state.rows()) {
      if (namespace !== ALL_NAMESPACES && row.Namespace !== namespace) continue;
      const services = entryOf(namespaces, row.Namespace, () => new Map<string, Set<string>>());
      const union = entryOf(services, row.ServiceName, () => new Set<string>());
      for (const tag of row.Tags ?? []) union.add(tag);
    }
    return {
      index: state.index,
      watched: [namespace === ALL_NAMESPACES ? WATCH.all : WATCH.namespace(namespace)],
      body: [...namespaces].map(([Namespace, services]) => ({
        Namespace,
        Services: [...services].map(([ServiceName, tags]) => ({ ServiceName, Tags: [...tags] })),
      })),
    };
  };
}

/**
 * The registrations of one service. The index is that of the whole table, but only this service's rows are watched: an
 * open query sleeps through a change elsewhere, one that is asked again answers at once.
 */
export function readService(namespace: string, service: string, isChosen: (row: ServiceRow) => boolean): NomadQuery {
  return (state) => {
    const rows = state.rowsOf(namespace, service);
    return {
      index: state.index,
      watched: [rows.length === 0 ? WATCH.all : WATCH.service(namespace, service)],
      body: rows.filter(isChosen),
    };
  };
}

/** The clients. Their ports are shown where the request asks for resources. */
export function listNodes(hasResources: boolean): NomadQuery {
  return (state) => ({
    index: state.nodesIndex,
    watched: [WATCH.nodes],
    body: state.nodes().map(({ NodeResources, ReservedResources, ...row }) => ({
      ...row,
      ...(hasResources ? { NodeResources, ReservedResources } : {}),
    })),
  });
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
