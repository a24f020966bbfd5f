import { describe, expect, test } from "vitest";
import {
  decodeInstances,
  decodeNodeList,
  decodeNodeServices,
  decodeServiceList,
  decodeUnhealthyChecks,
} from "../../../src/sources/consul/decode.ts";

const DECODERS = {
  decodeServiceList,
  decodeNodeList,
  decodeUnhealthyChecks,
  decodeNodeServices,
  decodeInstances,
} as const;

function healthEntry(service: object = {}, node: object = {}, checks: unknown = []): object {
  return {
    Node: { Node: "node-1", Address: "10.0.0.1", Datacenter: "dc1", ...node },
    Service: { ID: "web-1", Service: "web", Tags: ["a"], Address: "", Port: 24_001, CreateIndex: 7, ...service },
    Checks: checks,
  };
}

test("any name may be registered: __proto__ and constructor are names like others", () => {
  const list = JSON.parse('{"__proto__": ["a"], "constructor": ["b"], "web": []}');
  expect([...decodeServiceList(list).keys()].toSorted()).toEqual(["__proto__", "constructor", "web"]);
  const services = JSON.parse('{"Services": {"__proto__": {"Service": "__proto__", "Tags": ["a"], "ModifyIndex": 7}}}');
  expect([...decodeNodeServices(services)]).toEqual([
    ["__proto__", { service: "__proto__", tags: ["a"], modifyIndex: 7 }],
  ]);
});

describe("null, which Consul writes for an empty list", () => {
  test.each([
    ["decodeNodeList", new Map() as unknown],
    ["decodeUnhealthyChecks", []],
    ["decodeInstances", []],
    ["decodeNodeServices", new Map()],
  ] as const)("%s", (name, empty) => {
    expect(DECODERS[name](null)).toEqual(empty);
  });

  test("tags and checks", () => {
    expect(decodeServiceList({ web: null, api: [] })).toEqual(
      new Map([
        ["web", []],
        ["api", []],
      ]),
    );
    expect(decodeInstances([healthEntry({ Tags: null }, {}, null)])).toMatchObject([{ tags: [], checks: [] }]);
  });

  test("but a list of services is never null: that would be no services at all", () => {
    expect(() => decodeServiceList(null)).toThrow(expect.objectContaining({ code: "E_CATALOG_SHAPE" }));
  });
});

describe("a body of another shape is refused as a whole", () => {
  const wrong = ["<html>", 42, true, undefined, ["x"], [null], [{}], { x: 1 }, { x: [1] }, { Services: 5 }];
  test.each(Object.entries(DECODERS).flatMap(([name, decode]) => wrong.map((body) => ({ name, decode, body }))))(
    "$name of $body",
    ({ decode, body }) => {
      expect(() => decode(body)).toThrow(expect.objectContaining({ code: "E_CATALOG_SHAPE" }));
    },
  );

  test.each([
    ["a port that is text", { Port: "24001" }],
    ["half a port", { Port: 0.5 }],
    ["a tag that is a number", { Tags: [1] }],
    ["tags that are text", { Tags: "traefik.enable=true" }],
    ["no address", { Address: undefined }],
  ])("one instance among good ones with %s", (_what, service) => {
    expect(() => decodeInstances([healthEntry(), healthEntry(service)])).toThrow(
      expect.objectContaining({ code: "E_CATALOG_SHAPE", message: expect.stringContaining("1.Service.") }),
    );
  });

  test("and the message says where, and what to look at", () => {
    expect(() => decodeInstances([healthEntry({ Port: "x" })])).toThrow(
      /^\/v1\/health\/service answered .*0\.Service\.Port: .*check that consul.address is Consul's HTTP API$/,
    );
  });
});

test("an instance has everything that decides its route, and nothing that flaps", () => {
  const check = { CheckID: "service:web-1", Name: "web answers", Status: "passing", Output: "took 17 ms", Notes: "" };
  const service = {
    Namespace: "ns1",
    Meta: { team: "blue" },
    TaggedAddresses: { wan: { Address: "192.0.2.1", Port: 443 } },
    Weights: { Passing: 5, Warning: 0 },
  };
  expect(decodeInstances([healthEntry(service, { ID: "4d2a" }, [check])])).toEqual([
    {
      catalog: "consul",
      service: "web",
      id: "web-1",
      node: "node-1",
      nodeId: "4d2a",
      datacenter: "dc1",
      namespace: "ns1",
      nodeAddress: "10.0.0.1",
      address: "",
      port: 24_001,
      tags: ["a"],
      checks: [{ id: "service:web-1", name: "web answers", status: "passing" }],
      meta: { team: "blue" },
      taggedAddresses: { wan: { address: "192.0.2.1", port: 443 } },
      weights: { passing: 5, warning: 0 },
      createIndex: 7,
    },
  ]);
});

test("what a registration does not say is null or missing, and the same object for all", () => {
  const [silent, written] = decodeInstances([
    healthEntry({ ID: "a" }),
    healthEntry({ ID: "b", Meta: null, TaggedAddresses: null, Weights: { Passing: 1, Warning: 1 } }),
  ]);
  expect(silent).toMatchObject({ meta: {}, taggedAddresses: {}, weights: { passing: 1, warning: 1 } });
  expect(written?.meta).toBe(silent?.meta);
  expect(written?.taggedAddresses).toBe(silent?.taggedAddresses);
  expect(written?.weights).toBe(silent?.weights);
});

test("a node's tagged addresses are those of a service that is reached by the node's address", () => {
  const node = { TaggedAddresses: { lan: "10.0.0.1", wan: "192.0.2.1" } };
  const own = { wan: { Address: "198.51.100.7", Port: 443 } };
  const [byNode, mixed, ownAddress] = decodeInstances([
    healthEntry({ ID: "a" }, node),
    healthEntry({ ID: "b", TaggedAddresses: own }, node),
    healthEntry({ ID: "c", Address: "10.1.1.1" }, node),
  ]);
  expect(byNode?.taggedAddresses).toEqual({
    lan: { address: "10.0.0.1", port: 0 },
    wan: { address: "192.0.2.1", port: 0 },
  });
  expect(mixed?.taggedAddresses["wan"]).toEqual({ address: "198.51.100.7", port: 443 });
  expect(ownAddress?.taggedAddresses).toEqual({});
});

test("a check that names no service is the node's", () => {
  const checks = [
    { CheckID: "serfHealth", Name: "", Status: "passing", ServiceID: "" },
    { CheckID: "http", Name: "", Status: "passing", ServiceID: "web-1" },
  ];
  const [decoded] = decodeInstances([healthEntry({}, {}, checks)]);
  expect(decoded?.checks.map(({ id, ofNode }) => [id, ofNode])).toEqual([
    ["serfHealth", true],
    ["http", undefined],
  ]);
});

test("the order of the answer does not matter", () => {
  const entries = [
    healthEntry({ ID: "b" }),
    healthEntry({ ID: "a" }),
    healthEntry({ ID: "a" }, { Node: "node-0" }),
    healthEntry({ ID: "B" }),
  ];
  expect(decodeInstances(entries)).toEqual(decodeInstances(entries.toReversed()));
  expect(decodeInstances(entries).map(({ node, id }) => `${node} ${id}`)).toEqual([
    "node-0 a",
    "node-1 B",
    "node-1 a",
    "node-1 b",
  ]);
});

test("a service may be named like something that every object has", () => {
  const names = ["constructor", "toString", "hasOwnProperty"] as const;
  expect(decodeServiceList(Object.fromEntries(names.map((name) => [name, ["a"]])))).toEqual(
    new Map(names.map((name) => [name, ["a"]])),
  );
});

test("nodes come with their addresses", () => {
  const node = { Node: "node-1", Address: "10.0.0.1", Meta: null };
  const known = decodeNodeList([node]).get("node-1");
  expect(known).toMatchObject({ address: "10.0.0.1" });
  expect(decodeNodeList([{ ...node, Meta: { rack: "4" }, TaggedAddresses: null }]).get("node-1")).toEqual(known);
  expect(decodeNodeList([{ ...node, TaggedAddresses: { lan: "10.0.0.1" } }]).get("node-1")).not.toEqual(known);
});

test("a node's registrations come by id, with what shows that they changed", () => {
  const body = {
    Node: { Node: "node-1", Address: "10.0.0.1" },
    Services: { "web-1": { ID: "web-1", Service: "web", Tags: null, Port: 1, ModifyIndex: 9 } },
  };
  expect(decodeNodeServices(body)).toEqual(new Map([["web-1", { service: "web", tags: [], modifyIndex: 9 }]]));
});

test("a check of the node has no service", () => {
  const body = [
    { Node: "node-1", CheckID: "serfHealth", Name: "", Status: "critical", ServiceID: "", ServiceName: "" },
  ];
  expect(decodeUnhealthyChecks(body)).toEqual([
    { node: "node-1", checkId: "serfHealth", status: "critical", serviceId: "", serviceName: "" },
  ]);
});

test("a passing check is left out, should the server have ignored the filter", () => {
  const check = { Node: "node-1", CheckID: "a", Name: "a", ServiceID: "web-1", ServiceName: "web" };
  const body = [
    { ...check, Status: "passing" },
    { ...check, CheckID: "b", Status: "warning" },
  ];
  expect(decodeUnhealthyChecks(body).map(({ checkId }) => checkId)).toEqual(["b"]);
});
