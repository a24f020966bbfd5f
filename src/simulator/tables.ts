import type { CheckRow, Instance, NodeRow } from "./records.ts";

/** The rows, kept under every key by which a query asks for them. An emptied group is removed. */
export interface Tables {
  nodes(): NodeRow[];
  node(node: string): NodeRow | undefined;
  putNode(row: NodeRow): void;
  deleteNode(node: string): void;

  instance(node: string, id: string): Instance | undefined;
  instances(): Iterable<Instance>;
  instancesOn(node: string): Instance[];
  instancesOf(service: string): Instance[];
  putInstance(instance: Instance): void;
  deleteInstance(instance: Instance): void;

  check(node: string, id: string): CheckRow | undefined;
  checks(): CheckRow[];
  checksIn(state: string): CheckRow[];
  checksOn(node: string): CheckRow[];
  /** The checks of one service on one node; with an empty id those of the node itself. */
  checksFor(node: string, serviceId: string): CheckRow[];
  putCheck(row: CheckRow): void;
  deleteCheck(row: CheckRow): void;
}

/** Empty tables. Groups are handed out in the order of node, then id, as Consul sorts them. */
export function createTables(): Tables {
  const nodes = new Map<string, NodeRow>();
  const instances = new Map<string, Instance>();
  const byNode = createGroups<Instance>();
  const byName = createGroups<Instance>();
  const checks = new Map<string, CheckRow>();
  const checksByState = createGroups<CheckRow>();
  const checksByNode = createGroups<CheckRow>();
  const checksByService = createGroups<CheckRow>();

  function deleteInstance({ node, service }: Instance): void {
    const key = keyOf(node, service.ID);
    instances.delete(key);
    byNode.delete(node, key);
    byName.delete(service.Service, key);
  }

  function deleteCheck(row: CheckRow): void {
    const key = keyOf(row.Node, row.CheckID);
    checks.delete(key);
    checksByState.delete(row.Status, key);
    checksByNode.delete(row.Node, key);
    checksByService.delete(keyOf(row.Node, row.ServiceID), key);
  }

  return {
    nodes: () => sortedByKey(nodes),
    node: (node) => nodes.get(node),
    putNode: (row) => nodes.set(row.Node, row),
    deleteNode: (node) => nodes.delete(node),

    instance: (node, id) => instances.get(keyOf(node, id)),
    instances: () => instances.values(),
    instancesOn: (node) => byNode.rows(node),
    instancesOf: (service) => byName.rows(service),
    putInstance(instance) {
      const { node, service } = instance;
      const key = keyOf(node, service.ID);
      const old = instances.get(key);
      if (old !== undefined) deleteInstance(old);
      instances.set(key, instance);
      byNode.put(node, key, instance);
      byName.put(service.Service, key, instance);
    },
    deleteInstance,

    check: (node, id) => checks.get(keyOf(node, id)),
    checks: () => sortedByKey(checks),
    checksIn: (state) => checksByState.rows(state),
    checksOn: (node) => checksByNode.rows(node),
    checksFor: (node, serviceId) => checksByService.rows(keyOf(node, serviceId)),
    putCheck(row) {
      const key = keyOf(row.Node, row.CheckID);
      const old = checks.get(key);
      if (old !== undefined) deleteCheck(old);
      checks.set(key, row);
      checksByState.put(row.Status, key, row);
      checksByNode.put(row.Node, key, row);
      checksByService.put(keyOf(row.Node, row.ServiceID), key, row);
    },
    deleteCheck,
  };
}

interface Groups<Row> {
  rows(group: string): Row[];
  put(group: string, key: string, row: Row): void;
  delete(group: string, key: string): void;
}

function createGroups<Row>(): Groups<Row> {
  const groups = new Map<string, Map<string, Row>>();
  return {
    rows: (group) => sortedByKey(groups.get(group) ?? new Map()),
    put(group, key, row) {
      groups.set(group, (groups.get(group) ?? new Map()).set(key, row));
    },
    delete(group, key) {
      const rows = groups.get(group);
      rows?.delete(key);
      if (rows?.size === 0) groups.delete(group);
    },
  };
}

/** The separator sorts before every character of a name, so that "n1" comes before "n1-b". */
function keyOf(node: string, id: string): string {
  return `${node}\0${id}`;
}

function sortedByKey<Row>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
