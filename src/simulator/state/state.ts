import { isDeepStrictEqual } from "node:util";
import { defineCheck, defineNode, defineService, refused } from "./definition.ts";
import { createIndexes, type TableName } from "./indexes.ts";
import type { CheckDefinition, CheckRow, Indexed, Instance, NodeDefinition, ServiceDefinition } from "./records.ts";
import type { Deregistration, Registration } from "./registration.ts";
import { createTables, type Tables } from "./tables.ts";
import { createWatches, WATCH, type Watches } from "./watches.ts";

/** The data of a catalog from one wipe to the next: rows, indexes, and the queries that wait for them. */
export interface CatalogState {
  readonly tables: Tables;
  readonly watches: Watches;
  /** The index of the last write to any of the tables. */
  tableIndex(...names: readonly TableName[]): number;
  /** The index that Consul keeps for a service while it has instances. */
  serviceIndex(service: string): number | undefined;
  /** The index of the last time that a service lost its last instance. */
  extinctionIndex(): number | undefined;
  register(registration: Registration): void;
  /** As many writes as registrations, of which waiting queries are woken once, at the end. */
  load(registrations: Iterable<Registration>): void;
  deregister(deregistration: Deregistration): void;
  /** Everything that another state holds, in one write. */
  adopt(old: Tables): void;
  /** Aborted when the state has been replaced by another. */
  readonly abandoned: AbortSignal;
  abandon(): void;
}

/**
 * An empty state. Every write takes the next index, as an entry of Consul's log does, but puts it only on what it
 * changes; which tables and services those are follows the state store of Consul 1.8.
 */
export function createState(datacenter: string): CatalogState {
  const tables = createTables();
  const watches = createWatches();
  const abandonment = new AbortController();
  const indexes = createIndexes();
  const touched = new Set<string>();

  function wakeQueries(): void {
    const keys = [...touched];
    touched.clear();
    watches.touch(keys);
  }

  function stamp<T extends object>(definition: T, old: Indexed | undefined): T & Indexed {
    const { current } = indexes;
    return { ...definition, CreateIndex: old?.CreateIndex ?? current, ModifyIndex: current };
  }

  function moveTable(name: TableName): void {
    indexes.moveTable(name);
    touched.add(WATCH[name]);
  }

  function moveService(service: string): void {
    indexes.moveService(service);
    touched.add(WATCH.indexOf(service));
  }

  function moveServicesOn(node: string): void {
    for (const { service } of tables.instancesOn(node)) moveService(service.Service);
  }

  function writeNode(node: NodeDefinition): void {
    const old = tables.node(node.Node);
    if (old !== undefined && isSame(old, node)) return;
    tables.putNode(stamp(node, old));
    moveTable("nodes");
    touched.add(WATCH.node(node.Node));
    moveServicesOn(node.Node);
  }

  function touchInstance(node: string, service: string): void {
    touched.add(WATCH.instancesOn(node)).add(WATCH.instancesOf(service));
  }

  function writeService(node: string, service: ServiceDefinition): void {
    const old = tables.instance(node, service.ID)?.service;
    if (old !== undefined && isSame(old, service)) return;
    tables.putInstance({ node, service: stamp(service, old) });
    moveTable("services");
    moveService(service.Service);
    touchInstance(node, service.Service);
    // A service that came under another name: 1.8 moves nothing for the old one, whose long poll sleeps on.
    if (old !== undefined) touchInstance(node, old.Service);
  }

  function moveOwnersOf(check: CheckDefinition): void {
    if (check.ServiceID === "") moveServicesOn(check.Node);
    else moveService(check.ServiceName);
  }

  function touchCheck(check: CheckDefinition): void {
    moveTable("checks");
    touched.add(WATCH.checksOn(check.Node)).add(WATCH.checksIn(check.Status));
  }

  function writeCheck(check: CheckDefinition): void {
    const old = tables.check(check.Node, check.CheckID);
    // Consul inserts an identical check again: the table's index moves, neither the check's nor its service's does.
    const row = old !== undefined && isSame(old, check) ? old : stamp(check, old);
    if (row !== old) moveOwnersOf(check);
    if (old !== undefined) touchCheck(old);
    tables.putCheck(row);
    touchCheck(row);
  }

  function removeCheck(check: CheckRow): void {
    moveOwnersOf(check);
    // No row of the table has changed, so no query is woken; 1.8 moves the index all the same.
    if (check.ServiceID === "") indexes.moveTable("services");
    tables.deleteCheck(check);
    touchCheck(check);
  }

  function removeInstance(instance: Instance): void {
    const { node, service } = instance;
    for (const check of tables.checksFor(node, service.ID)) removeCheck(check);
    indexes.moveTable("checks");
    tables.deleteInstance(instance);
    moveTable("services");
    touchInstance(node, service.Service);
    moveService(service.Service);
    if (tables.instancesOf(service.Service).length > 0) return;
    indexes.endService(service.Service);
  }

  function removeNode(node: string): void {
    for (const instance of tables.instancesOn(node)) removeInstance(instance);
    for (const check of tables.checksOn(node)) removeCheck(check);
    tables.deleteNode(node);
    moveTable("nodes");
    touched.add(WATCH.node(node));
  }

  function register(registration: Registration): void {
    const node = defineNode(registration, datacenter);
    const service = registration.Service === undefined ? undefined : defineService(registration.Service);
    const given = [...(registration.Check === undefined ? [] : [registration.Check]), ...(registration.Checks ?? [])];
    const checks = given.map((check) => {
      const isOwn = service !== undefined && check.ServiceID === service.ID;
      const owner = isOwn ? service : tables.instance(node.Node, check.ServiceID ?? "")?.service;
      return defineCheck(check, node.Node, owner);
    });
    indexes.advance();
    if (registration.SkipNodeUpdate !== true || tables.node(node.Node) === undefined) writeNode(node);
    if (service !== undefined) writeService(node.Node, service);
    for (const check of checks) writeCheck(check);
  }

  return {
    tables,
    watches,
    tableIndex: indexes.ofTables,
    serviceIndex: indexes.ofService,
    extinctionIndex: indexes.ofExtinction,
    register(registration) {
      register(registration);
      wakeQueries();
    },
    load(registrations) {
      try {
        for (const registration of registrations) register(registration);
      } finally {
        wakeQueries();
      }
    },
    deregister({ Node, ServiceID = "", CheckID = "" }) {
      if (Node === "") throw refused("Must provide node");
      indexes.advance();
      if (ServiceID !== "") {
        const instance = tables.instance(Node, ServiceID);
        if (instance !== undefined) removeInstance(instance);
      } else if (CheckID !== "") {
        const check = tables.check(Node, CheckID);
        if (check !== undefined) removeCheck(check);
      } else if (tables.node(Node) !== undefined) {
        removeNode(Node);
      }
      wakeQueries();
    },
    adopt(old) {
      indexes.advance();
      for (const node of old.nodes()) {
        writeNode(node);
        for (const { service } of old.instancesOn(node.Node)) writeService(node.Node, service);
      }
      for (const check of old.checks()) writeCheck(check);
      wakeQueries();
    },
    abandoned: abandonment.signal,
    abandon: () => abandonment.abort(),
  };
}

function isSame<T extends object>(row: T & Indexed, definition: T): boolean {
  return isDeepStrictEqual(row, { ...definition, CreateIndex: row.CreateIndex, ModifyIndex: row.ModifyIndex });
}
