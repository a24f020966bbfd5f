import { createCatalogClient } from "../../test/support/catalog-client.ts";
import { deregistrationOf, type Instance, registrationOf } from "../world.ts";
import type { PeerCatalog } from "./peer-catalog.ts";

/** How the benchmark changes a catalog: past the relay, as from elsewhere in the network. */
export function writesTo(url: string): Pick<PeerCatalog, "prepare" | "register"> {
  const client = createCatalogClient(url);
  return {
    prepare({ kind, instance }) {
      if (kind === "gone") return () => client.deregister(deregistrationOf(instance));
      return () => client.register(registrationOf(instance, kind));
    },
    register: (instance) => write(`${url}/v1/catalog/register`, registrationOf(instance)),
  };
}

/** Consul takes no more operations in one transaction. */
const OPERATIONS_AT_A_TIME = 64;

/** Registers all instances with their nodes and checks by PUT /v1/txn: 15,000 take seconds instead of a minute. */
export async function registerWorld(url: string, world: readonly Instance[]): Promise<void> {
  const nodes = [...new Set(world.map(({ node }) => node))];
  await commit(
    url,
    nodes.map((node) => ({ Node: { Verb: "set", Node: { Node: node, Address: "127.0.0.1" } } })),
  );
  const registrations = world.map((instance) => registrationOf(instance));
  await commit(
    url,
    registrations.flatMap(({ Node, Service, Check }) => [
      { Service: { Verb: "set", Node, Service } },
      { Check: { Verb: "set", Check: { Node, ...Check } } },
    ]),
  );
}

async function commit(url: string, operations: readonly object[]): Promise<void> {
  for (let first = 0; first < operations.length; first += OPERATIONS_AT_A_TIME) {
    await write(`${url}/v1/txn`, operations.slice(first, first + OPERATIONS_AT_A_TIME));
  }
}

async function write(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: "PUT", body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`PUT ${url} answered ${answer.status}: ${text}`);
}
