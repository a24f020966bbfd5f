import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../../src/core/catalog/snapshot.ts";
import { clientNodes } from "../../../../src/core/ports/firewall/client-nodes.ts";
import { nftablesText } from "../../../../src/core/ports/firewall/nftables-text.ts";
import { nodeFirewall } from "../../../../src/core/ports/firewall/node-firewall.ts";
import { ledger } from "../../../builders/ledger.ts";
import { nftablesJudge } from "../../../builders/nftables-judge.ts";
import { instance } from "../../../builders/world.ts";

const NODES = { "app-1": "10.20.0.11", "app-2": "10.20.0.12", "db-1": "10.20.0.21" };

const NATS = { ports: 4222, owner: "nats", exposure: "never", clients: ["messaging"], purpose: "messages" };

type Content = Readonly<Record<string, unknown>>;

/** From which of the addresses the node `db-1` lets a connection to a port in. */
function letIn(content: Content, instances: readonly ServiceInstance[], port = 4222): readonly string[] {
  const declared = ledger(content);
  const plan = {
    ledger: declared,
    dynamic: { first: 20_000, last: 32_000 },
    clientsOf: clientNodes(instances, declared),
  };
  const judge = nftablesJudge(nftablesText(nodeFirewall(plan, "db-1")));
  const addresses = [...Object.values(NODES), "10.20.0.10", "10.9.9.9", "10.30.0.1"];
  return addresses.filter((from) => judge({ protocol: "tcp", port, from }) === "accept");
}

const onApp1 = instance({ service: "messaging", node: "app-1", nodeAddress: "10.20.0.11" });

test("never with clients lets in the nodes that these are on, and no other node of the site", () => {
  expect(letIn({ nodes: NODES, ports: [NATS] }, [onApp1])).toEqual(["10.20.0.11"]);
  const onApp2 = instance({ service: "messaging", node: "app-2", nodeAddress: "10.20.0.12" });
  expect(letIn({ nodes: NODES, ports: [NATS] }, [onApp1, onApp2])).toEqual(["10.20.0.11", "10.20.0.12"]);
});

test("a client that is registered nowhere opens nothing", () => {
  expect(letIn({ nodes: NODES, ports: [NATS] }, [])).toEqual([]);
});

test.each([
  ["internal", { networks: ["10.30.0.0/16"] }, { exposure: "internal" }, ["10.20.0.11", "10.30.0.1"]],
  ["ingress", { ingress: ["app-2"] }, { exposure: "ingress" }, ["10.20.0.11", "10.20.0.12"]],
  ["restricted", {}, { exposure: "restricted", from: ["10.30.0.0/16"] }, ["10.20.0.11", "10.30.0.1"]],
  ["never, with from", {}, { from: ["10.30.0.0/16"] }, ["10.20.0.11", "10.30.0.1"]],
  ["never, with an empty from", {}, { from: [] }, ["10.20.0.11"]],
])("clients come besides what %s means", (_, site, entry, expected) => {
  expect(letIn({ nodes: NODES, ...site, ports: [{ ...NATS, ...entry }] }, [onApp1])).toEqual(expected);
});

test("inside the dynamic range, too, only the clients get in", () => {
  const tikv = { ...NATS, ports: 20_160 };
  expect(letIn({ nodes: NODES, networks: ["10.0.0.0/8"], ports: [tikv] }, [onApp1], 20_160)).toEqual(["10.20.0.11"]);
});

test("what a service says of its own address opens nothing: a tenant could name any host", () => {
  const forged = instance({ service: "messaging", node: "app-1", nodeAddress: "10.20.0.11", address: "10.9.9.9" });
  expect(letIn({ nodes: NODES, ports: [NATS] }, [forged])).toEqual(["10.20.0.11"]);
  const stranger = instance({ service: "messaging", node: "mine", nodeAddress: "10.9.9.9" });
  expect(letIn({ nodes: NODES, ports: [NATS] }, [stranger])).toEqual([]);
  expect(letIn({ ports: [NATS] }, [forged])).toEqual(["10.20.0.11"]);
  const ofNomad = instance({
    catalog: "nomad",
    service: "messaging",
    node: "an-id",
    nodeAddress: "",
    address: "10.9.9.9",
  });
  expect(letIn({ ports: [NATS] }, [ofNomad])).toEqual([]);
  expect(letIn({ nodes: NODES, ports: [NATS] }, [ofNomad])).toEqual([]);
});

test("a client of Nomad's catalog is on the node of the ledger that has its address", () => {
  const ofNomad = instance({
    catalog: "nomad",
    service: "messaging",
    node: "an-id",
    nodeAddress: "",
    address: "10.20.0.12",
  });
  expect(letIn({ nodes: NODES, ports: [NATS] }, [ofNomad])).toEqual(["10.20.0.12"]);
});

test("a service of the same name in another namespace is no client", () => {
  const other = instance({ service: "messaging", namespace: "lab", node: "app-1", nodeAddress: "10.20.0.11" });
  expect(letIn({ nodes: NODES, ports: [NATS] }, [other])).toEqual([]);
});
