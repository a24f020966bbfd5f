import { z } from "zod";
import { PLAIN, type ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { ServiceList } from "../catalog/catalog-client.ts";
import { inInstanceOrder } from "../catalog/instance-order.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";
import { nomadServiceKey } from "./service-key.ts";

/* Only the fields that are used are asked for. Nomad writes null for a job's absent tags, and never for a list of ours. */

const tags = z.array(z.string()).nullable();

const namespaces = z.array(
  z.object({
    Namespace: z.string(),
    Services: z.array(z.object({ ServiceName: z.string(), Tags: tags })),
  }),
);

const registrations = z.array(
  z.object({
    ID: z.string(),
    ServiceName: z.string(),
    Namespace: z.string(),
    JobID: z.string(),
    NodeID: z.string(),
    Datacenter: z.string(),
    Tags: tags,
    Address: z.string(),
    Port: z.number().int(),
    CreateIndex: z.number(),
  }),
);

/** `/v1/namespaces`: the names of those that the token may see. */
export function decodeNamespaces(body: unknown): readonly string[] {
  return decodeAnswer(z.array(z.object({ Name: z.string() })), body, "/v1/namespaces", PRODUCTS.nomad).map(
    ({ Name }) => Name,
  );
}

/** `/v1/services`: one entry for each namespace that has services and that the token may see. */
export function decodeServiceList(body: unknown): ServiceList {
  const entries = decodeAnswer(namespaces, body, "/v1/services", PRODUCTS.nomad).flatMap(({ Namespace, Services }) =>
    Services.map(({ ServiceName, Tags }) => [nomadServiceKey(Namespace, ServiceName), Tags ?? []] as const),
  );
  return new Map(entries);
}

/** `/v1/service/NAME`. Nomad knows nodes by their id here, and a registration's address is the one that counts. */
export function decodeInstances(body: unknown): readonly ServiceInstance[] {
  return inInstanceOrder(
    decodeAnswer(registrations, body, "/v1/service", PRODUCTS.nomad).map((entry) => ({
      catalog: "nomad",
      service: entry.ServiceName,
      id: entry.ID,
      node: entry.NodeID,
      nodeId: entry.NodeID,
      datacenter: entry.Datacenter,
      namespace: entry.Namespace,
      job: entry.JobID,
      nodeAddress: "",
      address: entry.Address,
      port: entry.Port,
      tags: entry.Tags ?? [],
      checks: [],
      ...PLAIN,
      createIndex: entry.CreateIndex,
    })),
  );
}
