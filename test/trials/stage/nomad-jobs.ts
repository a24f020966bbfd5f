import { createHash } from "node:crypto";
import type { NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import type { CatalogClient } from "../../support/catalog-client.ts";

/** The part of a registration at Consul that a job in Nomad can bring about, too. */
interface Registration {
  readonly Node: string;
  readonly Address: string;
  readonly Service: {
    readonly ID: string;
    readonly Service: string;
    readonly Port: number;
    readonly Tags: readonly string[];
    readonly Address?: string;
    readonly Namespace?: string;
  };
  readonly Check?: { readonly Status: string };
}

interface Running {
  readonly allocation: string;
  readonly node: string;
  readonly registration: { readonly ID: string; readonly Namespace: string };
}

/**
 * What a tenant of Nomad does, in the words of Consul's API, so that a trial can be played by either: to register is to submit a
 * job whose allocation brings its service, to deregister is to stop it. Ids and allocations are Nomad's own, whatever the
 * registration says. Throws where a job could not do what is asked: it has no say in its health by a word alone.
 */
export function createNomadJobs(catalog: NomadCatalog): CatalogClient {
  const running = new Map<string, Running>();
  const nodeIds = new Map<string, string>();

  function nodeId(Name: string, Address: string): string {
    const known = nodeIds.get(Name);
    if (known !== undefined) return known;
    const ID = uuidOf(`node ${Name}`);
    catalog.registerNode({ Name, ID, Address });
    nodeIds.set(Name, ID);
    return ID;
  }

  function run({ Node, Address, Service, Check }: Registration): void {
    if (Check !== undefined && Check.Status !== "passing") throw impossible(`a status ${Check.Status}`);
    const { Service: ServiceName, Namespace = "default", Port, Tags, Address: own = "" } = Service;
    const place = { JobID: ServiceName, Namespace, NodeID: nodeId(Node, Address) };
    const allocation = uuidOf(`${Namespace} ${Service.ID} on ${Node}`);
    const HostIP = own === "" ? Address : own;
    const ID = `_nomad-task-${allocation}-group-app-${ServiceName}-http`;
    catalog.registerJob({ ID: ServiceName, Namespace, Services: [{ Name: ServiceName, Tags }] });
    catalog.placeAllocation({
      ...place,
      ID: allocation,
      NodeName: Node,
      Ports: [{ Label: "http", Value: Port, HostIP }],
    });
    catalog.register({ ...place, ServiceName, Port, Tags, Address: HostIP, AllocID: allocation, ID });
    running.set(`${Node} ${Service.ID}`, { allocation, node: Node, registration: { ID, Namespace } });
  }

  function stop(key: string, { allocation, registration }: Running): void {
    running.delete(key);
    catalog.changeAllocation(allocation, { DesiredStatus: "stop" });
    catalog.deregister(registration);
    catalog.changeAllocation(allocation, { ClientStatus: "complete" });
  }

  return {
    register: async (body) => run(body as Registration),
    async deregister(body) {
      const { Node, ServiceID } = body as { readonly Node: string; readonly ServiceID?: string };
      for (const [key, one] of [...running]) {
        if (one.node === Node && (ServiceID === undefined || key === `${Node} ${ServiceID}`)) stop(key, one);
      }
    },
    get: () => Promise.reject(impossible("a request of its own")),
    put: () => Promise.reject(impossible("a request of its own")),
    call: () => Promise.reject(impossible("a request of its own")),
  };
}

function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

function impossible(what: string): Error {
  return new Error(`a job of Nomad's cannot bring about ${what}: play this trial by Consul`);
}
