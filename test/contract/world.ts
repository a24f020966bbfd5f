import type { CatalogClient } from "../support/catalog-client.ts";

/** Everything that a scenario may have left behind. */
const NODES = ["n1", "n2", "n3", "n4"];

/**
 * Three nodes on which every kind of thing exists at least once, since Consul watches wider where there is nothing:
 *
 *   n1  alpha (passing)
 *   n2  alpha (passing) · beta (passing)
 *   n3  gamma (critical) · delta (warning)
 */
export async function buildWorld(client: CatalogClient): Promise<void> {
  await clearWorld(client);
  await client.register(instance("n1", "alpha", { Tags: ["web", "blue"] }, "passing"));
  await client.register(instance("n2", "alpha", { Tags: ["web", "green"] }, "passing"));
  await client.register(instance("n2", "beta", {}, "passing"));
  await client.register(instance("n3", "gamma", {}, "critical"));
  await client.register(instance("n3", "delta", {}, "warning"));
}

/** Leaves only the server. */
async function clearWorld(client: CatalogClient): Promise<void> {
  for (const Node of NODES) await client.deregister({ Node });
}

/** A registration of one service on a node, by the name of both; with a status also its check `service:NAME`. */
export function instance(node: string, service: string, fields: object = {}, status?: string): object {
  const registration = { ...nodeOnly(node), Service: { ID: service, Service: service, Port: 20000, ...fields } };
  return status === undefined ? registration : { ...registration, Checks: [serviceCheck(service, status)] };
}

/** The check of a service, for a registration. */
export function serviceCheck(service: string, status: string, output = ""): object {
  return { CheckID: `service:${service}`, Name: service, Status: status, ServiceID: service, Output: output };
}

/** A registration of nothing but a check. */
export function checkOnly(node: string, check: object): object {
  return { Node: node, SkipNodeUpdate: true, Check: check };
}

/** A registration of nothing but a node. */
export function nodeOnly(node: string, meta: object = {}): object {
  return { Node: node, Address: `10.0.0.${node.slice(1)}`, NodeMeta: meta };
}

/** The body of catalog/services with each service's tags in order: Consul gives them in none. */
export function sortedTags(body: unknown): Record<string, string[]> {
  const services = Object.entries(body as Record<string, string[]>);
  return Object.fromEntries(services.map(([name, tags]) => [name, tags.toSorted()]));
}
