import { isDeepStrictEqual } from "node:util";
import { AppError } from "../../base/errors.ts";
import { createWatches, type Watches } from "../state/watches.ts";
import { type AllocationDefinition, type AllocationRow, allocationRow } from "./allocation.ts";
import { FIRST_NODE, type NodeDefinition, type NodeRow, nodeRow } from "./node.ts";
import { completed, type ServiceDefinition, type ServiceRow } from "./registration.ts";

/** The data from one wipe to the next. */
export interface NomadState {
  readonly watches: Watches;
  /** The last write to the table of registrations: every answer's index, whatever was asked. Never below 1. */
  readonly index: number;
  rows(): Iterable<ServiceRow>;
  rowsOf(namespace: string, service: string): readonly ServiceRow[];
  register(definition: ServiceDefinition): void;
  deregister(namespace: string, id: string): void;
  /** The last write to the table of clients. */
  readonly nodesIndex: number;
  nodes(): readonly NodeRow[];
  putNode(definition: NodeDefinition): void;
  removeNode(name: string): void;
  /** The last write to the table of allocations. Never below 1. */
  readonly allocationsIndex: number;
  allocations(): Iterable<AllocationRow>;
  putAllocation(definition: AllocationDefinition): void;
  removeAllocation(id: string): void;
  /** Aborted when the state has been replaced by another. */
  readonly abandoned: AbortSignal;
  abandon(): void;
}

/** What can be watched: the clients, the allocations, all registrations, those of a namespace, and those of one service. */
export const WATCH = {
  nodes: "nodes",
  allocations: "allocations",
  all: "services",
  namespace: (namespace: string) => `services/${namespace}`,
  service: (namespace: string, service: string) => `services/${namespace}/${service}`,
} as const;

/** A real log begins with an election and the settings of the cluster, before any service is registered. */
const INDEX_BEFORE_FIRST_WRITE = 10;

/** A state with one client and no service: that table has never been written, so its index is 1. */
export function createNomadState(): NomadState {
  const rows = new Map<string, ServiceRow>();
  const byService = new Map<string, Map<string, ServiceRow>>();
  const watches = createWatches();
  const abandonment = new AbortController();
  let log = INDEX_BEFORE_FIRST_WRITE;
  let index = 1;
  let nodesIndex = INDEX_BEFORE_FIRST_WRITE;
  const created = { CreateIndex: nodesIndex, ModifyIndex: nodesIndex };
  const nodes = new Map<string, NodeRow>([[FIRST_NODE.Name, nodeRow(FIRST_NODE, created)]]);

  let allocationsIndex = 1;
  const allocations = new Map<string, AllocationRow>();

  function put(row: ServiceRow): void {
    rows.set(keyOf(row.Namespace, row.ID), row);
    const group = keyOf(row.Namespace, row.ServiceName);
    byService.set(group, (byService.get(group) ?? new Map()).set(row.ID, row));
  }

  function remove(row: ServiceRow): void {
    rows.delete(keyOf(row.Namespace, row.ID));
    byService.get(keyOf(row.Namespace, row.ServiceName))?.delete(row.ID);
  }

  function notify(...written: readonly ServiceRow[]): void {
    const keys = written.flatMap(({ Namespace, ServiceName }) => [
      WATCH.namespace(Namespace),
      WATCH.service(Namespace, ServiceName),
    ]);
    watches.touch(new Set([WATCH.all, ...keys]));
  }

  return {
    watches,
    get index() {
      return index;
    },
    get nodesIndex() {
      return nodesIndex;
    },
    nodes: () => [...nodes.values()],
    putNode(definition) {
      log += 1;
      nodesIndex = log;
      const CreateIndex = nodes.get(definition.Name)?.CreateIndex ?? log;
      nodes.set(definition.Name, nodeRow(definition, { CreateIndex, ModifyIndex: log }));
      watches.touch(new Set([WATCH.nodes]));
    },
    removeNode(name) {
      log += 1;
      nodesIndex = log;
      nodes.delete(name);
      watches.touch(new Set([WATCH.nodes]));
    },
    get allocationsIndex() {
      return allocationsIndex;
    },
    allocations: () => allocations.values(),
    putAllocation(definition) {
      log += 1;
      allocationsIndex = log;
      const CreateIndex = allocations.get(definition.ID)?.CreateIndex ?? log;
      allocations.set(definition.ID, allocationRow(definition, { CreateIndex, ModifyIndex: log }));
      watches.touch(new Set([WATCH.allocations]));
    },
    removeAllocation(id) {
      log += 1;
      allocationsIndex = log;
      allocations.delete(id);
      watches.touch(new Set([WATCH.allocations]));
    },
    rows: () => rows.values(),
    rowsOf: (namespace, service) =>
      [...(byService.get(keyOf(namespace, service))?.values() ?? [])].sort((a, b) => (a.ID < b.ID ? -1 : 1)),
    register(definition) {
      const content = completed(definition);
      const key = keyOf(content.Namespace, content.ID);
      const old = rows.get(key);
      log += 1;
      const indexes = { CreateIndex: old?.CreateIndex ?? log, ModifyIndex: log };
      // What a client registers again unchanged takes its place in the log and changes nothing.
      if (old !== undefined && isDeepStrictEqual(old, { ...content, ...indexes, ModifyIndex: old.ModifyIndex })) return;
      index = log;
      const row = { ...content, ...indexes };
      if (old !== undefined) remove(old);
      put(row);
      notify(row, ...(old === undefined ? [] : [old]));
    },
    deregister(namespace, id) {
      const old = rows.get(keyOf(namespace, id));
      log += 1;
      if (old === undefined) {
        throw new AppError("service registration not found", { code: "E_SIMULATOR_REFUSED", retryable: false });
      }
      index = log;
      remove(old);
      notify(old);
    },
    abandoned: abandonment.signal,
    abandon: () => abandonment.abort(),
  };
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}\0${name}`;
}
