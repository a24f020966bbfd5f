import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { listServices, readServiceHealth } from "../../../src/simulator/consul/queries.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../../src/simulator/state/catalog.ts";
import { decodeInstances, decodeServiceList } from "../../../src/sources/consul/decode.ts";
import type { CatalogCase } from "../generators/catalogs.ts";
import { overTheWire } from "./over-the-wire.ts";
import { reconnects } from "./reconnects.ts";
import type { World } from "./world.ts";

/** The embedded Consul catalog on a socket. */
export async function startConsulWorld(): Promise<World> {
  const catalog = createCatalog();
  const server = await startCatalogServer({ catalog });
  const beforeQuestion = reconnects(server);
  return {
    catalog: "consul",
    fill: (candidate) => fill(catalog, candidate),
    readInstances: () => readInstances(catalog),
    async question(options) {
      await beforeQuestion();
      return { op: "consul", address: new URL(server.url).host, options };
    },
    stop: () => server.close(),
  };
}

function fill(catalog: Catalog, { nodes, instances }: CatalogCase): void {
  catalog.wipe();
  for (const node of nodes) {
    const checks = node.checks.map(({ id, status }) => ({ CheckID: id, Name: id, Status: status }));
    catalog.register({ Node: node.name, ID: node.id, Address: node.address, Checks: checks });
  }
  for (const { service, id, node, address, port, tags, checks } of instances) {
    const owned = checks.map((check) => ({
      CheckID: `${check.id}${check.id.endsWith(":x") ? "" : ":"}${id}`,
      Name: check.id,
      Status: check.status,
      ServiceID: id,
    }));
    const on = nodes[node];
    if (on === undefined) throw new Error(`there is no node ${node}`);
    // A value that Traefik does not read: a chart that depended on it would differ.
    const unused = { TaggedAddresses: { lan: { Address: "10.1.1.1", Port: 1 } }, Weights: { Passing: 7, Warning: 1 } };
    catalog.register({
      Node: on.name,
      SkipNodeUpdate: true,
      Service: { Service: service, ID: id, Address: address, Port: port, Tags: tags, ...unused },
      Checks: owned,
    });
  }
}

function readInstances({ state }: Catalog): readonly ServiceInstance[] {
  const services = decodeServiceList(overTheWire(listServices(state).body));
  return [...services.keys()].flatMap((name) =>
    decodeInstances(overTheWire(readServiceHealth(name, [], false)(state).body)),
  );
}
