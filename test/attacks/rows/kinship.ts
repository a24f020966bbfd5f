import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import type { Stage, StageOptions, StagePorts } from "../../trials/stage/stage.ts";
import { hostOf, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { overRestart, underPolicy } from "../variants.ts";

const SHOP = "shop";
const THIEF = "thief";
const ALLOCATION = "5b0c7a1e-2f6d-4c3b-8a97-6e5d4c3b2a19";

function idOf(service: string): string {
  return `_nomad-task-${ALLOCATION}-group-web-${service}-http`;
}

/** Where the thief registers itself. */
interface Place {
  readonly Node: string;
  readonly nodeAddress?: string;
  readonly address?: string;
  readonly port?: (ports: StagePorts) => number;
}

/** A tenant writes the allocation of the shop into the id of its own service, to get every GET request of the shop's host. */
function claimsKinship(how: string, place: Place, stage?: () => StageOptions): Trial {
  const { Node, nodeAddress = "127.0.0.1", address = "", port = ({ second }) => second } = place;
  return {
    name: `kinship: the allocation of another service in an id, ${how}`,
    ...(stage === undefined ? {} : { stage: stage(), portolanOnly: true }),
    async begin({ catalog, ports }) {
      await register(catalog, { service: SHOP, id: idOf(SHOP), port: ports.first, tags: tagsOf(SHOP) });
      await catalog.register({
        Node,
        Address: nodeAddress,
        Service: {
          ...{ ID: idOf(THIEF), Service: THIEF, Address: address, Port: port(ports) },
          Tags: [
            "traefik.enable=true",
            `traefik.http.routers.${THIEF}.rule=Host(\`${hostOf(SHOP)}\`) && Method(\`GET\`)`,
            `traefik.http.routers.${THIEF}.priority=1000`,
          ],
        },
      });
    },
    async verify({ answers, ports }) {
      const { status, text } = await answers(hostOf(SHOP));
      if (status !== 200 || text !== String(ports.first)) {
        throw new Error(`the thief has the shop's requests: ${status} ${text}`);
      }
    },
    tells: ["diagnostic.found"],
  };
}

/** A stage with a Nomad that knows where the shop's allocation is. It ends with the attack: what it has told stays. */
function toldByNomad(how: string, place: Place): Trial {
  let nomad: CatalogServer | undefined;
  const attack = claimsKinship(`${how}, and Nomad knows better`, place, () => ({
    async beforeStart({ ports }) {
      const catalog = createNomadCatalog();
      const Ports = [{ Label: "http", Value: ports.first }];
      catalog.placeAllocation({ ID: ALLOCATION, JobID: SHOP, NodeName: "node-1", Ports });
      nomad = await startNomadServer({ catalog });
    },
    settings: () => ({ schedulers: [{ address: nomad?.url }] }),
  }));
  return {
    ...attack,
    end: async (_stage: Stage) => {
      await nomad?.close();
    },
    tells: [...attack.tells, "route.added"],
  };
}

const ON_ANOTHER_NODE = claimsKinship("on another node", {
  Node: "node-2",
  nodeAddress: "127.0.0.2",
  address: "127.0.0.1",
});
const AT_ANOTHER_PORT = toldByNomad("on the same node and at the same address", { Node: "node-1" });

/** The shop has its host by a rule of its own; the thief may have what belongs to no other service. */
const POLICY = JSON.stringify({ rules: [{ service: SHOP, hosts: [hostOf(SHOP)] }, {}] });

export const KINSHIP_ATTACKS: readonly Trial[] = [
  ON_ANOTHER_NODE,
  claimsKinship("on the same node at another address", { Node: "node-1", address: "127.0.0.2" }),
  AT_ANOTHER_PORT,
  toldByNomad("on another node, at the shop's port", {
    Node: "node-2",
    nodeAddress: "127.0.0.2",
    port: ({ first }) => first,
  }),
  overRestart(ON_ANOTHER_NODE),
  overRestart(AT_ANOTHER_PORT),
  underPolicy(ON_ANOTHER_NODE, POLICY),
];
