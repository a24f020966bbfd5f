import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { createNomadCatalog, type NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { listServices, readService } from "../../../src/simulator/nomad/queries/services.ts";
import { EVERYTHING } from "../../../src/simulator/nomad/rights.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { decodeInstances, decodeServiceList } from "../../../src/sources/nomad/decode.ts";
import { splitServiceKey } from "../../../src/sources/nomad/service-key.ts";
import type { CatalogCase } from "../generators/catalogs.ts";
import { overTheWire } from "./over-the-wire.ts";
import { reconnects } from "./reconnects.ts";
import type { World } from "./world.ts";

/** The embedded Nomad catalog on a socket. Nomad lists no checks, and every registration has an address of its own. */
export async function startNomadWorld(): Promise<World> {
  const catalog = createNomadCatalog();
  const server = await startNomadServer({ catalog });
  const beforeQuestion = reconnects(server);
  return {
    catalog: "nomad",
    fill: (candidate) => fill(catalog, candidate),
    readInstances: () => readInstances(catalog),
    async question(options) {
      await beforeQuestion();
      return { op: "nomad", address: server.url, options };
    },
    stop: () => server.close(),
  };
}

function fill(catalog: NomadCatalog, { nodes, instances }: CatalogCase): void {
  catalog.wipe();
  for (const { service, id, node, address, port, tags } of instances) {
    const on = nodes[node];
    if (on === undefined) throw new Error(`there is no node ${node}`);
    // Unlike Consul's, Nomad's ids are unique beyond their node.
    const registration = { ServiceName: service, ID: `${id}-on-${on.name}`, NodeID: on.id, Port: port, Tags: tags };
    catalog.register({ ...registration, Address: address === "" ? on.address : address });
  }
}

function readInstances({ state }: NomadCatalog): readonly ServiceInstance[] {
  const services = decodeServiceList(overTheWire(listServices("default", EVERYTHING)(state).body));
  return [...services.keys()].flatMap((key) => {
    const { namespace, name } = splitServiceKey(key);
    return decodeInstances(overTheWire(readService(namespace, name, () => true)(state).body));
  });
}
