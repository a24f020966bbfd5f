/** The rows of the catalog, in the shape in which Consul's API shows them. Rows are never changed, only replaced. */

export interface Indexed {
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export interface NodeDefinition {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly Datacenter: string;
  readonly TaggedAddresses: Readonly<Record<string, string>> | null;
  readonly Meta: Readonly<Record<string, string>> | null;
}

export interface ServiceAddress {
  readonly Address: string;
  readonly Port: number;
}

export interface ServiceWeights {
  readonly Passing: number;
  readonly Warning: number;
}

export interface ServiceDefinition {
  readonly ID: string;
  readonly Service: string;
  readonly Tags: readonly string[];
  readonly Address: string;
  readonly TaggedAddresses?: Readonly<Record<string, ServiceAddress>>;
  readonly Meta: Readonly<Record<string, string>> | null;
  readonly Port: number;
  readonly Weights: ServiceWeights;
}

/** ServiceName and ServiceTags are a copy made when the check was written; Consul does not refresh it with the service. */
export interface CheckDefinition {
  readonly Node: string;
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: string;
  readonly Notes: string;
  readonly Output: string;
  readonly ServiceID: string;
  readonly ServiceName: string;
  readonly ServiceTags: readonly string[];
}

export type NodeRow = NodeDefinition & Indexed;
export type ServiceRow = ServiceDefinition & Indexed;
export type CheckRow = CheckDefinition & Indexed;

/** One instance: a service on a node. The node is held by name, because its row may be replaced. */
export interface Instance {
  readonly node: string;
  readonly service: ServiceRow;
}
