import type { View } from "../api/blocking.ts";
import type { ServiceRow } from "./registration.ts";
import { mayReadJobs, mayReadSomeJobs, type Rights } from "./rights.ts";
import { type NomadState, WATCH } from "./state.ts";

export type NomadQuery = (state: NomadState) => View;

/** Every namespace, where a query names this one. */
export const ALL_NAMESPACES = "*";

/**
 * For each namespace that has services: their names with the union of the tags of their registrations. The body says
 * nothing of addresses, but every registration is news.
 */
export function listServices(namespace: string, rights: Rights): NomadQuery {
  return (state) => {
    // Nomad's own words for a token without rights: an empty list, which has no index.
    if (namespace === ALL_NAMESPACES && !mayReadSomeJobs(rights)) return { index: 0, watched: [WATCH.all], body: [] };
    const namespaces = new Map<string, Map<string, Set<string>>>();
    for (const row of state.rows()) {
      if (!isAsked(row.Namespace, namespace, rights)) continue;
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

/** The namespaces that a token may see. */
export function listNamespaces(rights: Rights): NomadQuery {
  return (state) => ({
    index: state.index,
    watched: [WATCH.all],
    body: [...new Set(["default", ...Array.from(state.rows(), ({ Namespace }) => Namespace)])]
      .filter((name) => mayReadJobs(rights, name))
      .map((Name) => ({ Name })),
  });
}

/** What a request for allocations asks. */
export interface AskedAllocations {
  readonly namespace: string;
  readonly prefix: string;
  readonly hasResources: boolean;
  readonly hasTaskStates: boolean;
}

/** The allocations, of all namespaces that the token may read where all are asked for. */
export function listAllocations(asked: AskedAllocations, rights: Rights): NomadQuery {
  return (state) => ({
    index: state.allocationsIndex,
    watched: [WATCH.allocations],
    body: [...state.allocations()]
      .filter(({ Namespace, ID }) => isAsked(Namespace, asked.namespace, rights) && ID.startsWith(asked.prefix))
      .map(({ AllocatedResources, TaskStates, ...row }) => ({
        ...(asked.hasResources ? { AllocatedResources } : {}),
        ...row,
        TaskStates: asked.hasTaskStates ? TaskStates : null,
      })),
  });
}

function isAsked(namespace: string, asked: string, rights: Rights): boolean {
  return asked === ALL_NAMESPACES ? mayReadJobs(rights, namespace) : asked === namespace;
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
