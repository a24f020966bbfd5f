import { z } from "zod";
import type { ServiceInstance } from "../../core/snapshot.ts";
import { CatalogError } from "../catalog-error.ts";

/* Only the fields that are used are asked for. Consul writes null for an empty list. */

const tags = z.array(z.string()).nullable();

const serviceList = z.record(z.string(), tags);

const nodeList = z.array(z.object({ Node: z.string(), Address: z.string() })).nullable();

const checkState = z.object({
  Node: z.string(),
  CheckID: z.string(),
  Name: z.string(),
  Status: z.string(),
  ServiceID: z.string(),
  ServiceName: z.string(),
});

const checkStates = z.array(checkState).nullable();

const healthEntries = z
  .array(
    z.object({
      Node: z.object({ Node: z.string(), Address: z.string(), Datacenter: z.string().optional() }),
      Service: z.object({
        ID: z.string(),
        Service: z.string(),
        Tags: tags.optional(),
        Address: z.string(),
        Port: z.number().int(),
        Namespace: z.string().optional(),
        CreateIndex: z.number().optional(),
      }),
      Checks: z.array(z.object({ CheckID: z.string(), Name: z.string(), Status: z.string() })).nullable(),
    }),
  )
  .nullable();

const nodeServices = z
  .object({
    Services: z.record(
      z.string(),
      z.object({ Service: z.string(), Tags: tags.optional(), ModifyIndex: z.number().optional() }),
    ),
  })
  .nullable();

/** A service's name and the union of the tags of its instances. */
export type ServiceList = ReadonlyMap<string, readonly string[]>;

/** A check that is not passing; `serviceName` is empty for a check of the node itself. */
export interface UnhealthyCheck {
  readonly node: string;
  readonly checkId: string;
  readonly status: string;
  readonly serviceId: string;
  readonly serviceName: string;
}

/** One registration on a node, enough to see that it changed. */
export interface NodeRegistration {
  readonly service: string;
  readonly tags: readonly string[];
  readonly modifyIndex: number;
}

/** `/v1/catalog/services` */
export function decodeServiceList(body: unknown): ServiceList {
  const decoded = decode(serviceList, body, "/v1/catalog/services");
  return new Map(Object.entries(decoded).map(([name, union]) => [name, union ?? []]));
}

/** `/v1/catalog/nodes`: name → address. */
export function decodeNodeList(body: unknown): ReadonlyMap<string, string> {
  return new Map((decode(nodeList, body, "/v1/catalog/nodes") ?? []).map((node) => [node.Node, node.Address]));
}

/** `/v1/health/state/…`; passing checks are left out here too, since some versions ignore a filter silently. */
export function decodeUnhealthyChecks(body: unknown): readonly UnhealthyCheck[] {
  return (decode(checkStates, body, "/v1/health/state") ?? [])
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
  const decoded = decode(nodeServices, body, "/v1/catalog/node");
  return new Map(
    Object.entries(decoded?.Services ?? {}).map(([id, entry]) => [
      id,
      { service: entry.Service, tags: entry.Tags ?? [], modifyIndex: entry.ModifyIndex ?? 0 },
    ]),
  );
}

/** `/v1/health/service/NAME`, in an order of our own so that equal contents compare equal. */
export function decodeInstances(body: unknown): readonly ServiceInstance[] {
  const instances = (decode(healthEntries, body, "/v1/health/service") ?? []).map(
    (entry): ServiceInstance => ({
      service: entry.Service.Service,
      id: entry.Service.ID,
      node: entry.Node.Node,
      datacenter: entry.Node.Datacenter ?? "",
      namespace: entry.Service.Namespace ?? "",
      nodeAddress: entry.Node.Address,
      address: entry.Service.Address,
      port: entry.Service.Port,
      tags: entry.Service.Tags ?? [],
      checks: (entry.Checks ?? []).map((check) => ({ id: check.CheckID, name: check.Name, status: check.Status })),
      createIndex: entry.Service.CreateIndex ?? 0,
    }),
  );
  return instances.sort((a, b) => compareText(a.node, b.node) || compareText(a.id, b.id));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function decode<T>(schema: z.ZodType<T>, body: unknown, endpoint: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.map(String).join(".");
  throw new CatalogError(
    "E_CATALOG_SHAPE",
    `${endpoint} answered something else than Consul's: ${where.slice(0, 120)}: ${issue?.message ?? "unknown"}; check that consul.address is Consul's HTTP API`,
  );
}
