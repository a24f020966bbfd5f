import type { TableName } from "../state/indexes.ts";
import type { CheckRow, Instance, NodeRow } from "../state/records.ts";
import type { CatalogState } from "../state/state.ts";
import { WATCH } from "../state/watches.ts";
import { type Access, FULL_ACCESS } from "./access.ts";
import { catalogText, checkText, listText, nodeText, serviceText, tagsText } from "./entries.ts";
import { type CatalogView, canReadService, narrow, type Query, shownRows, view } from "./view.ts";

/** Name → union of the tags of its instances. The index is the table's, so every instance's change is news. */
export function listServices(state: CatalogState, access: Access = FULL_ACCESS): CatalogView {
  const index = state.tableIndex("services");
  const watched = [WATCH.services];
  const remembered = serviceLists.get(state);
  if (access.isFull && remembered?.index === index) return view(index, watched, remembered.json);
  const all = [...state.tables.services()];
  const shown = access.isFull ? all : all.filter(([name]) => canReadService(access, name));
  const json = `{${shown.map(([name, instances]) => tagsText(name, instances)).join(",")}}`;
  if (access.isFull) serviceLists.set(state, { index, json });
  return view(index, watched, json, shown.length < all.length);
}

/** The whole list, for as long as the table is not written. */
const serviceLists = new WeakMap<CatalogState, { readonly index: number; readonly json: string }>();

/** All nodes. */
export function listNodes(state: CatalogState, access: Access = FULL_ACCESS): CatalogView {
  const canRead = ({ Node }: NodeRow) => access.can("read", "node", Node);
  return view(state.tableIndex("nodes"), [WATCH.nodes], ...shownRows(state.tables.nodes(), access, canRead, nodeText));
}

/**
 * A node with its services, or null. The index is that of the tables, but only this node's rows are watched: a query
 * asked again after a change elsewhere returns at once, one that is already blocked sleeps on. A node that is not there
 * has index 1, so that a query blocked on a node that leaves sleeps until its wait is over.
 */
export function readNode(node: string): Query {
  return (state, access = FULL_ACCESS) => {
    const row = state.tables.node(node);
    if (row === undefined) return view(1, [WATCH.nodes], "null");
    const index = state.tableIndex("nodes", "services");
    const instances = state.tables.instancesOn(node);
    const watched = [WATCH.node(node), narrow(instances, WATCH.instancesOn(node), WATCH.services)];
    if (!access.can("read", "node", node)) return view(index, watched, "null", true);
    const canRead = ({ service }: Instance) => canReadService(access, service.Service);
    const [services, isFiltered] = shownRows(instances, access, canRead, nodeServiceText);
    return view(index, watched, `{"Node":${nodeText(row)},"Services":{${services.slice(1, -1)}}}`, isFiltered);
  };
}

function nodeServiceText(instance: Instance): string {
  return `${JSON.stringify(instance.service.ID)}:${serviceText(instance)}`;
}

/** The instances of a service without their health. With tags: those that have all of them. */
export function readServiceInstances(service: string, tags: readonly string[]): Query {
  return (state, access = FULL_ACCESS) => {
    const all = state.tables.instancesOf(service);
    const chosen = all.filter((instance) => hasTags(instance, tags));
    const shown = chosen.filter((instance) => canReadInstance(access, instance));
    return view(
      indexForService(state, service, all.length > 0, ["nodes", "services"]),
      [narrow(all, WATCH.instancesOf(service), WATCH.services), ...chosen.map(({ node }) => WATCH.node(node))],
      listText(shown, (instance) => catalogText(instance, nodeOf(state, instance))),
      shown.length < chosen.length,
    );
  };
}

/**
 * The instances of a service with their nodes and checks. `isPassingOnly` leaves out everything that has a check in any
 * other state, warning included.
 */
export function readServiceHealth(service: string, tags: readonly string[], isPassingOnly: boolean): Query {
  return (state, access = FULL_ACCESS) => {
    const all = state.tables.instancesOf(service);
    const chosen = all.filter((instance) => hasTags(instance, tags));
    const readable = chosen.filter((instance) => canReadInstance(access, instance));
    const shown = readable
      .map((instance) => ({ instance, checks: checksOf(state, instance) }))
      .filter(({ checks }) => !isPassingOnly || checks.every(({ Status }) => Status === "passing"));
    return view(
      indexForService(state, service, all.length > 0, ["nodes", "services", "checks"]),
      healthWatches(
        service,
        all,
        chosen.map(({ node }) => node),
        tags.length > 0,
      ),
      listText(shown, ({ instance, checks }) => {
        const node = nodeText(nodeOf(state, instance));
        return `{"Node":${node},"Service":${serviceText(instance)},"Checks":${listText(checks, checkText)}}`;
      }),
      readable.length < chosen.length,
    );
  };
}

function canReadInstance(access: Access, { node, service }: Instance): boolean {
  return access.can("read", "node", node) && canReadService(access, service.Service);
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
  if (tags.length === 0) return true;
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
