import type { Indexes } from "./indexes.ts";
import { NODE_ID } from "./node.ts";

/** One registered service, in the shape in which Nomad's API shows it. Rows are never changed, only replaced. */
export interface ServiceRow extends Indexes {
  readonly Address: string;
  readonly AllocID: string;
  readonly Datacenter: string;
  readonly ID: string;
  readonly JobID: string;
  readonly Namespace: string;
  readonly NodeID: string;
  readonly Port: number;
  readonly ServiceName: string;
  readonly Tags: readonly string[] | null;
}

/** What a client registers; whatever is left out is that of a small cluster with one node. */
export interface ServiceDefinition {
  readonly ServiceName: string;
  readonly Port: number;
  readonly Tags?: readonly string[] | null;
  /** Default: 127.0.0.1. */
  readonly Address?: string;
  /** Default: `default`. */
  readonly Namespace?: string;
  /** Default: the service's name. */
  readonly JobID?: string;
  /** Default: one allocation for each job. */
  readonly AllocID?: string;
  /** Default: as Nomad's clients make it, from the allocation, the service and its port. */
  readonly ID?: string;
  readonly NodeID?: string;
  /** Default: dc1. */
  readonly Datacenter?: string;
}

/** A definition with everything that a row has, but for its indexes. */
export function completed(definition: ServiceDefinition): Omit<ServiceRow, keyof Indexes> {
  const { ServiceName, Port, Tags = [], JobID = ServiceName, AllocID = `alloc-of-${JobID}` } = definition;
  return {
    Address: definition.Address ?? "127.0.0.1",
    AllocID,
    Datacenter: definition.Datacenter ?? "dc1",
    ID: definition.ID ?? `_nomad-task-${AllocID}-group-${JobID}-${ServiceName}-http`,
    JobID,
    Namespace: definition.Namespace ?? "default",
    NodeID: definition.NodeID ?? NODE_ID,
    Port,
    ServiceName,
    Tags,
  };
}
