import type { CheckRow, Instance, NodeRow } from "./records.ts";
import { createSortedRows, type SortedRows } from "./sorted-rows.ts";

/**
 * The rows, kept under every key by which a query asks for them, in the order of node, then id, as Consul sorts them.
 * No list that is handed out changes afterwards. An emptied group is removed.
 */
export interface Tables {
  nodes(): readonly NodeRow[];
  node(node: string): NodeRow | undefined;
  putNode(row: NodeRow): void;
  deleteNode(node: string): void;

  instance(node: string, id: string): Instance | undefined;
  /** Every service that has instances, in no order. */
  services(): Iterable<readonly [string, readonly Instance[]]>;
  instancesOn(node: string): readonly Instance[];
  instancesOf(service: string): readonly Instance[];
  putInstance(instance: Instance): void;
  deleteInstance(instance: Instance): void;

  check(node: string, id: string): CheckRow | undefined;
  checks(): readonly CheckRow[];
  checksIn(state: string): readonly CheckRow[];
  checksOn(node: string): readonly CheckRow[];
  /** The checks of one service on one node; with an empty id those of the node itself. */
  checksFor(node: string, serviceId: string): readonly CheckRow[];
  putCheck(row: CheckRow): void;
  deleteCheck(row: CheckRow): void;
}

/** Empty tables. */
export function createTables(): Tables {
  const nodes = createSortedRows<NodeRow>();
  const instances = new Map<string, Instance>();
  const byNode = createGroups<Instance>();
  const byName = createGroups<Instance>();
  const checks = createSortedRows<CheckRow>();
  const checksByState = createGroups<CheckRow>();
  const checksByNode = createGroups<CheckRow>();
  const checksByService = createGroups<CheckRow>();

  return {
    nodes: () => nodes.rows(),
    node: (node) => nodes.get(node),
    putNode: (row) => nodes.put(row.Node, row),
    deleteNode: (node) => nodes.delete(node),

    instance: (node, id) => instances.get(keyOf(node, id)),
    services: () => byName.all(),
    instancesOn: (node) => byNode.rows(node),
    instancesOf: (service) => byName.rows(service),
    putInstance(instance) {
      const { node, service } = instance;
      const key = keyOf(node, service.ID);
      const old = instances.get(key);
      if (old !== undefined && old.service.Service !== service.Service) byName.delete(old.service.Service, key);
      instances.set(key, instance);
      byNode.put(node, key, instance);
      byName.put(service.Service, key, instance);
    },
    deleteInstance({ node, service }) {
      const key = keyOf(node, service.ID);
      instances.delete(key);
      byNode.delete(node, key);
      byName.delete(service.Service, key);
    },

    check: (node, id) => checks.get(keyOf(node, id)),
    checks: () => checks.rows(),
    checksIn: (state) => checksByState.rows(state),
    checksOn: (node) => checksByNode.rows(node),
    checksFor: (node, serviceId) => checksByService.rows(keyOf(node, serviceId)),
    putCheck(row) {
      const key = keyOf(row.Node, row.CheckID);
      const old = checks.get(key);
      if (old !== undefined && old.Status !== row.Status) checksByState.delete(old.Status, key);
      if (old !== undefined && old.ServiceID !== row.ServiceID) {
        checksByService.delete(keyOf(old.Node, old.ServiceID), key);
      }
      checks.put(key, row);
      checksByState.put(row.Status, key, row);
      checksByNode.put(row.Node, key, row);
      checksByService.put(keyOf(row.Node, row.ServiceID), key, row);
    },
    deleteCheck(row) {
      const key = keyOf(row.Node, row.CheckID);
      checks.delete(key);
      checksByState.delete(row.Status, key);
      checksByNode.delete(row.Node, key);
      checksByService.delete(keyOf(row.Node, row.ServiceID), key);
    },
  };
}

interface Groups<Row> {
  all(): Iterable<readonly [string, readonly Row[]]>;
  rows(group: string): readonly Row[];
  put(group: string, key: string, row: Row): void;
  delete(group: string, key: string): void;
}

function createGroups<Row>(): Groups<Row> {
  const groups = new Map<string, SortedRows<Row>>();
  const none: readonly Row[] = [];
  return {
    *all() {
      for (const [name, group] of groups) yield [name, group.rows()];
    },
    rows: (group) => groups.get(group)?.rows() ?? none,
    put(name, key, row) {
      const group = groups.get(name) ?? createSortedRows<Row>();
      groups.set(name, group);
      group.put(key, row);
    },
    delete(name, key) {
      const group = groups.get(name);
      group?.delete(key);
      if (group?.size === 0) groups.delete(name);
    },
  };
}

/** The separator sorts before every character of a name, so that "n1" comes before "n1-b". */
function keyOf(node: string, id: string): string {
  return `${node}\0${id}`;
}
