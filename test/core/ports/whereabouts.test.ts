import { expect, test } from "vitest";
import { whereabouts } from "../../../src/core/ports/ledger/whereabouts.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance } from "../../builders/world.ts";

const declared = ledger({
  nodes: { "node-1": "192.168.11.11", "node-2": "10.0.0.2", "lb-1": "2001:db8::1" },
  ingress: ["lb-1"],
  ports: [{ ports: 20_160, owner: "tikv", exposure: "never", nodes: ["node-2"], purpose: "store" }],
});
const own = instance({ nodeAddress: "172.16.0.1" });

test.each<[string, object]>([
  ["172.16.0.1", {}],
  ["::ffff:172.16.0.1", {}],
  ["192.168.11.11", {}],
  ["node-1", {}],
  ["NODE-1.node.dc1.consul.", {}],
  ["10.0.0.2", { claimed: ["node-2"] }],
  ["::ffff:10.0.0.2", { claimed: ["node-2"] }],
  ["::ffff:a00:2", { claimed: ["node-2"] }],
  ["64:ff9b::10.0.0.2", { claimed: ["node-2"] }],
  ["node-2", { claimed: ["node-2"] }],
  ["Node-2.node.consul", { claimed: ["node-2"] }],
  ["2001:0db8:0:0::1", { claimed: ["lb-1"] }],
  ["[2001:db8::1]", { claimed: ["lb-1"] }],
  ["127.0.0.1", { claimed: ["lb-1"] }],
  ["0.0.0.0", { claimed: ["lb-1"] }],
  ["::1", { claimed: ["lb-1"] }],
  ["172.26.64.5", { isUnlisted: true }],
  ["2001:db8::7", { isUnlisted: true }],
  ["store.example.org", { isAnywhere: true }],
  ["node-2.node.consul.example.org", { isAnywhere: true }],
  ["0x0a000002", { isAnywhere: true }],
  ["10.2", { isAnywhere: true }],
])("a service of node-1 with the address %s", (host, more) => {
  expect(whereabouts(host, own, declared)).toEqual({ node: "node-1", ...more });
});

test("of a node that is not known nothing is", () => {
  const untold = instance({ catalog: "nomad", node: "4f1c", nodeAddress: "", address: "10.0.0.9" });
  expect(whereabouts("10.0.0.9", untold, declared)).toEqual({ node: undefined });
});

test("by Nomad, which tells no address of a node, the ledger's counts", () => {
  const told = instance({ catalog: "nomad", node: "node-1", nodeAddress: "" });
  expect(whereabouts("192.168.11.11", told, declared)).toEqual({ node: "node-1" });
  expect(whereabouts("10.0.0.2", told, declared)).toEqual({ node: "node-1", claimed: ["node-2"] });
});
