import { z } from "zod";
import { type Check, PLAIN, type ServiceInstance, type TaggedAddress } from "../../core/catalog/snapshot.ts";
import type { ServiceList } from "../catalog/catalog-client.ts";
import { inInstanceOrder } from "../catalog/instance-order.ts";
import { namedEntries } from "../catalog/named-entries.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

/* Only the fields that are used are asked for. Consul writes null for an empty list. */

const tags = z.array(z.string()).nullable();

const serviceList = namedEntries(tags);

const nodeList = z
  .array(
    z.object({
      Node: z.string(),
      Address: z.string(),
      TaggedAddresses: z.record(z.string(), z.string()).nullish(),
    }),
  )
  .nullable();

const checkState = z.object({
  Node: z.string(),
  CheckID: z.string(),
  Name: z.string(),
  Status: z.string(),
  ServiceID: z.string(),
  ServiceName: z.string(),
});

const checkStates = z.array(checkState).nullable();

const node = z.object({
  ID: z.string().optional(),
  Node: z.string(),
  Address: z.string(),
  Datacenter: z.string().optional(),
  TaggedAddresses: z.record(z.string(), z.string()).nullish(),
});

const service = z.object({
  ID: z.string(),
  Service: z.string(),
  Tags: tags.optional(),
  Address: z.string(),
  Port: z.number().int(),
  Namespace: z.string().optional(),
  CreateIndex: z.number().optional(),
  Meta: z.record(z.string(), z.string()).nullish(),
  TaggedAddresses: z.record(z.string(), z.object({ Address: z.string(), Port: z.number().int() })).nullish(),
  Weights: z.object({ Passing: z.number().int(), Warning: z.number().int() }).nullish(),
});

const checks = z
  .array(z.object({ CheckID: z.string(), Name: z.string(), Status: z.string(), ServiceID: z.string().optional() }))
  .nullable();

const healthEntry = z.object({ Node: node, Service: service, Checks: checks });

const nodeEntry = z.object({ Node: node, Services: namedEntries(service) }).nullable();

export type HealthEntry = z.infer<typeof healthEntry>;
export type NodeEntry = Pick<HealthEntry, "Node" | "Service">;
export type NodeCheck = NonNullable<HealthEntry["Checks"]>[number];

const healthEntries = z.array(healthEntry).nullable();

const nodeServices = z
  .object({
    Services: namedEntries(
      z.object({ Service: z.string(), Tags: tags.optional(), ModifyIndex: z.number().optional() }),
    ),
  })
  .nullable();

/** A check that is not passing; `serviceName` is empty for a check of the node itself. */
export interface UnhealthyCheck {
  readonly node: string;
  readonly checkId: string;
  readonly status: string;
  readonly serviceId: string;
  readonly serviceName: string;
}

/** Where a node is reached. */
export interface CatalogNode {
  readonly address: string;
  /** All its addresses, the tagged ones too, as a text that differs when one of them does. */
  readonly addresses: string;
}

/** One registration on a node, enough to see that it changed. */
export interface NodeRegistration {
  readonly service: string;
  readonly tags: readonly string[];
  readonly modifyIndex: number;
}

/** `/v1/catalog/services` */
export function decodeServiceList(body: unknown): ServiceList {
  const decoded = decodeAnswer(serviceList, body, "/v1/catalog/services", PRODUCTS.consul);
  return new Map([...decoded].map(([name, union]) => [name, union ?? []]));
}

/** `/v1/catalog/datacenters`: all that the servers know, reachable or not. */
export function decodeDatacenters(body: unknown): readonly string[] {
  return decodeAnswer(z.array(z.string()), body, "/v1/catalog/datacenters", PRODUCTS.consul);
}

/** `/v1/catalog/nodes`, by name. */
export function decodeNodeList(body: unknown): ReadonlyMap<string, CatalogNode> {
  return new Map(
    (decodeAnswer(nodeList, body, "/v1/catalog/nodes", PRODUCTS.consul) ?? []).map(
      ({ Node, Address, TaggedAddresses }) => [
        Node,
        { address: Address, addresses: JSON.stringify([Address, TaggedAddresses ?? {}]) },
      ],
    ),
  );
}

/** `/v1/health/state/…`; passing checks are left out here too, since some versions ignore a filter silently. */
export function decodeUnhealthyChecks(body: unknown): readonly UnhealthyCheck[] {
  return (decodeAnswer(checkStates, body, "/v1/health/state", PRODUCTS.consul) ?? [])
    .filter((check) => check.Status !== "passing")
    .map((check) => ({
      node: check.Node,
      checkId: check.CheckID,
      status: check.Status,
      serviceId: check.ServiceID,
      serviceName: check.ServiceName,
    }));
}

/** `/v1/catalog/node/NAME`: service id → registration; empty for a node that is not there (Consul answers null). */
export function decodeNodeServices(body: unknown): ReadonlyMap<string, NodeRegistration> {
  const decoded = decodeAnswer(nodeServices, body, "/v1/catalog/node", PRODUCTS.consul);
  return new Map(
    [...(decoded?.Services ?? [])].map(([id, entry]) => [
      id,
      { service: entry.Service, tags: entry.Tags ?? [], modifyIndex: entry.ModifyIndex ?? 0 },
    ]),
  );
}

/** `/v1/health/service/NAME`, in an order of our own so that equal contents compare equal. */
export function decodeInstances(body: unknown): readonly ServiceInstance[] {
  return inInstanceOrder(
    (decodeAnswer(healthEntries, body, "/v1/health/service", PRODUCTS.consul) ?? []).map(instanceOf),
  );
}

/** `/v1/catalog/node/NAME`, whole: every registration with its node, still without checks. */
export function decodeNodeEntries(body: unknown): readonly NodeEntry[] {
  const decoded = decodeAnswer(nodeEntry, body, "/v1/catalog/node", PRODUCTS.consul);
  return decoded === null ? [] : [...decoded.Services.values()].map((one) => ({ Node: decoded.Node, Service: one }));
}

/** `/v1/health/node/NAME`: the checks of a node and of all that is registered on it. */
export function decodeNodeChecks(body: unknown): readonly NodeCheck[] {
  return decodeAnswer(checks, body, "/v1/health/node", PRODUCTS.consul) ?? [];
}

/** An instance, put together from what Consul answers at once or in two parts. */
export function instanceOf({ Node, Service, Checks }: HealthEntry): ServiceInstance {
  return {
    catalog: "consul",
    service: Service.Service,
    id: Service.ID,
    node: Node.Node,
    nodeId: Node.ID ?? "",
    datacenter: Node.Datacenter ?? "",
    namespace: Service.Namespace ?? "",
    nodeAddress: Node.Address,
    address: Service.Address,
    port: Service.Port,
    tags: Service.Tags ?? [],
    checks: (Checks ?? []).map(checkOf).toSorted(byOwnerThenId),
    meta: metaOf(Service),
    taggedAddresses: taggedAddressesOf({ Node, Service }),
    weights: weightsOf(Service),
    createIndex: Service.CreateIndex ?? 0,
  };
}

/** The node's first, then by id: the order in which Consul lists them differs between its endpoints. */
function byOwnerThenId(a: Check, b: Check): number {
  return Number(b.ofNode === true) - Number(a.ofNode === true) || (a.id < b.id ? -1 : 1);
}

/** A check that names no service is the node's. */
function checkOf({ CheckID, Name, Status, ServiceID }: NodeCheck): Check {
  return { id: CheckID, name: Name, status: Status, ...(ServiceID === "" ? { ofNode: true } : {}) };
}

function metaOf({ Meta }: HealthEntry["Service"]): ServiceInstance["meta"] {
  return Meta && Object.keys(Meta).length > 0 ? Meta : PLAIN.meta;
}

/** The service's own; its node's too where the node's address is the service's. */
function taggedAddressesOf({ Node, Service }: NodeEntry): Readonly<Record<string, TaggedAddress>> {
  const found: [string, TaggedAddress][] = [];
  if (Service.Address === "") {
    for (const [name, address] of Object.entries(Node.TaggedAddresses ?? {})) found.push([name, { address, port: 0 }]);
  }
  for (const [name, { Address, Port }] of Object.entries(Service.TaggedAddresses ?? {})) {
    found.push([name, { address: Address, port: Port }]);
  }
  return found.length === 0 ? PLAIN.taggedAddresses : Object.fromEntries(found);
}

/** Consul itself gives both weights 1 where a registration says nothing. */
function weightsOf({ Weights }: HealthEntry["Service"]): ServiceInstance["weights"] {
  if (!Weights || (Weights.Passing === 1 && Weights.Warning === 1)) return PLAIN.weights;
  return { passing: Weights.Passing, warning: Weights.Warning };
}
