import type { View } from "./blocking.ts";
import type { CheckRow, Instance, NodeRow, ServiceRow } from "./records.ts";
import type { CatalogState, TableName } from "./state.ts";
import { WATCH } from "./watches.ts";

export type Query = (state: CatalogState) => View;

/** Name → union of the tags of its instances. The index is the table's, so every instance's change is news. */
export function listServices(state: CatalogState): View {
  const tags = new Map<string, Set<string>>();
  for (const { service } of state.tables.instances()) {
    const union = tags.get(service.Service) ?? new Set();
    for (const tag of service.Tags) union.add(tag);
    tags.set(service.Service, union);
  }
  const body = Object.fromEntries([...tags].map(([name, union]) => [name, [...union]]));
  return { index: state.tableIndex("services"), watched: [WATCH.services], body };
}

/** All nodes. */
export function listNodes(state: CatalogState): View {
  return { index: state.tableIndex("nodes"), watched: [WATCH.nodes], body: state.tables.nodes() };
}

/**
 * A node with its services, or null. The index is that of the tables, but only this node's rows are watched: a query
 * asked again after a change elsewhere returns at once, one that is already blocked sleeps on. A node that is not there
 * has index 1, so that a query blocked on a node that leaves sleeps until its wait is over.
 */
export function readNode(node: string): Query {
  return (state) => {
    const row = state.tables.node(node);
    if (row === undefined) return { index: 1, watched: [WATCH.nodes], body: null };
    const instances = state.tables.instancesOn(node);
    return {
      index: state.tableIndex("nodes", "services"),
      watched: [WATCH.node(node), narrow(instances, WATCH.instancesOn(node), WATCH.services)],
      body: {
        Node: row,
        Services: Object.fromEntries(instances.map(({ service }) => [service.ID, serviceEntry(service)])),
      },
    };
  };
}

/** The instances of a service without their health. With tags: those that have all of them. */
export function readServiceInstances(service: string, tags: readonly string[]): Query {
  return (state) => {
    const all = state.tables.instancesOf(service);
    const chosen = all.filter((instance) => hasTags(instance, tags));
    return {
      index: indexForService(state, service, all.length > 0, ["nodes", "services"]),
      watched: [narrow(all, WATCH.instancesOf(service), WATCH.services), ...chosen.map(({ node }) => WATCH.node(node))],
      body: chosen.map((instance) => catalogEntry(instance, nodeOf(state, instance))),
    };
  };
}

/**
 * The instances of a service with their nodes and checks. `isPassingOnly` leaves out everything that has a check in any
 * other state, warning included.
 */
export function readServiceHealth(service: string, tags: readonly string[], isPassingOnly: boolean): Query {
  return (state) => {
    const all = state.tables.instancesOf(service);
    const entries = all
      .filter((instance) => hasTags(instance, tags))
      .map((instance) => ({
        Node: nodeOf(state, instance),
        Service: serviceEntry(instance.service),
        Checks: checksOf(state, instance),
      }));
    const isShown = (checks: readonly CheckRow[]) => !isPassingOnly || checks.every((row) => row.Status === "passing");
    return {
      index: indexForService(state, service, all.length > 0, ["nodes", "services", "checks"]),
      watched: healthWatches(
        service,
        all,
        entries.map((entry) => entry.Node.Node),
        tags.length > 0,
      ),
      body: entries
        .filter((entry) => isShown(entry.Checks))
        .map((entry) => ({ ...entry, Checks: entry.Checks.map(checkEntry) })),
    };
  };
}

/**
 * The checks in one state, or in `any`. While the state has none, every write of a check wakes the query. The filter
 * decides what is shown, not what wakes.
 */
export function listChecksIn(status: string, isShown: (check: CheckRow) => boolean = () => true): Query {
  return (state) => {
    if (status === "any") return checksView(state, state.tables.checks(), WATCH.checks, isShown);
    return checksView(state, state.tables.checksIn(status), WATCH.checksIn(status), isShown);
  };
}

/** The checks on one node, its services' among them. While it has none, every write of a check wakes the query. */
export function listChecksOn(node: string): Query {
  return (state) => checksView(state, state.tables.checksOn(node), WATCH.checksOn(node));
}

function checksView(
  state: CatalogState,
  rows: readonly CheckRow[],
  watch: string,
  isShown: (check: CheckRow) => boolean = () => true,
): View {
  return {
    index: state.tableIndex("checks"),
    watched: [narrow(rows, watch, WATCH.checks)],
    body: rows.filter(isShown).map(checkEntry),
  };
}

/** Consul watches rows by the branch of a tree that holds them; where there are none, by a branch further up. */
function narrow(rows: readonly unknown[], own: string, table: string): string {
  return rows.length > 0 ? own : table;
}

/** With tags Consul looks at the rows themselves, without at the service's own index. */
function healthWatches(service: string, all: readonly Instance[], nodes: readonly string[], byTag: boolean): string[] {
  if (all.length === 0) return [WATCH.services];
  if (!byTag) return [WATCH.indexOf(service)];
  return [WATCH.instancesOf(service), ...nodes.flatMap((node) => [WATCH.node(node), WATCH.checksOn(node)])];
}

/**
 * A service without instances has no index of its own. It then gets that of the last service that vanished, or, where
 * none ever did, that of the tables: so an unknown name wakes on other services, and an index can go back.
 */
function indexForService(state: CatalogState, service: string, exists: boolean, tables: readonly TableName[]): number {
  const own = exists ? state.serviceIndex(service) : (state.extinctionIndex() ?? state.serviceIndex(service));
  return own ?? state.tableIndex(...tables);
}

function hasTags({ service }: Instance, tags: readonly string[]): boolean {
  const own = new Set(service.Tags.map((tag) => tag.toLowerCase()));
  return tags.every((tag) => own.has(tag.toLowerCase()));
}

function checksOf(state: CatalogState, { node, service }: Instance): CheckRow[] {
  return [...state.tables.checksFor(node, ""), ...state.tables.checksFor(node, service.ID)];
}

function nodeOf(state: CatalogState, { node }: Instance): NodeRow {
  const row = state.tables.node(node);
  if (row === undefined) throw new TypeError(`bug: node ${node} was removed before its instances`);
  return row;
}

const NO_PROXY = { MeshGateway: {}, Expose: {} };

function serviceEntry({ CreateIndex, ModifyIndex, ...service }: ServiceRow): object {
  return { ...service, EnableTagOverride: false, Proxy: NO_PROXY, Connect: {}, CreateIndex, ModifyIndex };
}

function checkEntry({ CreateIndex, ModifyIndex, ...check }: CheckRow): object {
  return { ...check, Type: "", Definition: {}, CreateIndex, ModifyIndex };
}

function catalogEntry({ service }: Instance, node: NodeRow): object {
  const { TaggedAddresses } = service;
  return {
    ID: node.ID,
    Node: node.Node,
    Address: node.Address,
    Datacenter: node.Datacenter,
    TaggedAddresses: node.TaggedAddresses,
    NodeMeta: node.Meta,
    ServiceKind: "",
    ServiceID: service.ID,
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ...(TaggedAddresses === undefined ? {} : { ServiceTaggedAddresses: TaggedAddresses }),
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta ?? {},
    ServicePort: service.Port,
    ServiceEnableTagOverride: false,
    ServiceProxy: NO_PROXY,
    ServiceConnect: {},
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  };
}
