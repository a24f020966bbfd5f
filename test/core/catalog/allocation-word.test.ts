import { describe, expect, test } from "vitest";
import { allocationIdOf, allocationOf } from "../../../src/core/catalog/allocation.ts";
import { allocationWord } from "../../../src/core/catalog/allocation-word.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { allocation } from "../../builders/allocation.ts";
import { instance } from "../../builders/world.ts";

const NOMAD = "http://127.0.0.1:4646";
const ALLOCATION = allocation({
  id: "94bf6945-71f5-4656-89a1-3ec35d408ad9",
  namespace: "team",
  job: "shop",
  ports: [
    { address: "192.168.11.11", port: 24_001 },
    { address: "10.0.0.11", port: 24_002 },
  ],
});
const THERE = { node: "node-1", nodeAddress: "192.168.11.11", port: 24_001 };

describe("what Consul says of an instance, beside the allocation that its id names", () => {
  test.each<[string, Partial<ServiceInstance>, "of-job" | "elsewhere" | undefined]>([
    ["its node and port", {}, "of-job"],
    ["the client's address, named by the service", { address: "192.168.11.11" }, "of-job"],
    ["another address of the client's", { address: "10.0.0.11", port: 24_002 }, "of-job"],
    ["the node's name in capitals", { node: "NODE-1" }, "of-job"],
    ["another name of the node, whose address is the client's", { node: "node-1.example.org" }, "of-job"],
    ["the node's name, whose address Consul knows as another", { nodeAddress: "172.16.0.11" }, "of-job"],
    ["a port that it was not given", { port: 24_009 }, "elsewhere"],
    ["no port", { port: 0 }, "elsewhere"],
    ["another node", { node: "node-2", nodeAddress: "192.168.11.12" }, "elsewhere"],
    [
      "another node, at the address of this one",
      { node: "node-2", nodeAddress: "192.168.11.12", address: "192.168.11.11" },
      "elsewhere",
    ],
    ["a node without a name or an address", { node: "", nodeAddress: "" }, "elsewhere"],
    ["the same node, an address that is none of the client's", { address: "192.168.11.99" }, undefined],
    ["the same node, the address of a bridge", { address: "172.26.64.5", port: 8080 }, undefined],
  ])("%s", (_, overrides, kind) => {
    expect(allocationWord(instance({ ...THERE, ...overrides }), ALLOCATION, NOMAD)?.kind).toBe(kind);
  });

  test("an allocation without ports is nowhere that a service could be", () => {
    expect(allocationWord(instance(THERE), { ...ALLOCATION, ports: [] }, NOMAD)?.kind).toBe("elsewhere");
  });

  test("the word names the job, its namespace, and whose word it is", () => {
    expect(allocationWord(instance(THERE), { ...ALLOCATION, isCanary: true }, NOMAD)).toEqual({
      kind: "of-job",
      nomad: NOMAD,
      namespace: "team",
      job: "shop",
      isCanary: true,
    });
  });
});

test.each<[string, Partial<ServiceInstance>, "of-job" | "elsewhere"]>([
  ["its namespace and job", {}, "of-job"],
  ["another job", { job: "other" }, "elsewhere"],
  ["another namespace", { namespace: "default" }, "elsewhere"],
])("Nomad's own registration has its allocation by %s, wherever it is reached", (_, overrides, kind) => {
  const own = instance({ catalog: "nomad", namespace: "team", job: "shop", node: "a-node-id", port: 1, ...overrides });
  expect(allocationWord(own, ALLOCATION, NOMAD)?.kind).toBe(kind);
});

test("the allocation in a service id", () => {
  const id = "_nomad-task-94bf6945-71f5-4656-89a1-3ec35d408ad9-group-fe-shop-fe-http";
  expect([allocationIdOf(id), allocationOf(id)]).toEqual(["94bf6945-71f5-4656-89a1-3ec35d408ad9", "94bf6945"]);
  for (const other of ["web", "_nomad-task-94bf6945-group-web", "_nomad-task-alloc-of-web-group-web-web-http"]) {
    expect([allocationIdOf(other), allocationOf(other)]).toEqual([undefined, undefined]);
  }
});
