import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { instance, pass, settings, snapshot } from "../../builders/world.ts";

const SETTINGS = {
  ...settings(),
  policy: policyOf({ rules: [{ service: "chat*", middlewares: { require: ["jwt@file"] } }, {}] }),
};

const chat = (overrides: Partial<ServiceInstance> = {}, tags: readonly string[] = []) =>
  instance({
    ...{ service: "chat", id: "chat-1", nodeAddress: "10.9.0.5", port: 25_000 },
    tags: ["traefik.enable=true", "traefik.http.routers.chat.middlewares=jwt@file", ...tags],
    ...overrides,
  });

/** Another service, on a node of its own, whose server is where its tag says. */
const other = (url: string, overrides: Partial<ServiceInstance> = {}) =>
  instance({
    ...{ service: "other", id: "other-1", node: "node-2", nodeAddress: "10.9.0.6", port: 25_900, createIndex: 20 },
    tags: ["traefik.enable=true", `traefik.http.services.other.loadbalancer.server.url=${url}`],
    ...overrides,
  });

const squatter = (overrides: Partial<ServiceInstance> = {}) =>
  chat({ service: "squatter", id: "squatter-1", createIndex: 1, tags: ["traefik.enable=false"], ...overrides });

function isRouted(name: string, instances: readonly ServiceInstance[], inForce = SETTINGS): boolean {
  const routed = [instances, [...instances].reverse()].map((all) =>
    pass(all, { settings: inForce }).chart["http/routers"].has(name),
  );
  expect(routed[0]).toBe(routed[1]);
  return routed[0] === true;
}

const CHAT_AT_NAT: Partial<ServiceInstance> = { address: "10.9.7.7" };
const WAN = { taggedAddresses: { wan: { address: "203.0.113.5", port: 0 } } };

describe("the router of another service is left out where its server is at the place of a service under a demand", () => {
  test.each<readonly [string, string, readonly ServiceInstance[]]>([
    ["its address", "http://10.9.0.5:25000", [chat()]],
    ["IPv4 within IPv6", "http://[::ffff:10.9.0.5]:25000", [chat()]],
    ["IPv4 within IPv6, in hexadecimal", "http://[::ffff:a09:5]:25000", [chat()]],
    ["by the prefix of NAT64", "http://[64:ff9b::10.9.0.5]:25000", [chat()]],
    ["IPv6, written at length", "http://[fd00:0::5]:25000", [chat({ nodeAddress: "fd00::5" })]],
    ["IPv6 in capitals, registered at length", "http://[FD00::5]:25000", [chat({ nodeAddress: "fd00:0:0::5" })]],
    ["the node's address, where it has its own", "http://10.9.0.5:25000", [chat(CHAT_AT_NAT)]],
    ["a tagged address", "http://203.0.113.5:25000", [chat(WAN)]],
    ["a tagged address that its tag chooses", "http://203.0.113.5:25000", [chat(WAN, ["portolan.address=wan"])]],
    [
      "a tagged address with a port of its own",
      "http://203.0.113.5:25443",
      [chat({ taggedAddresses: { wan: { address: "203.0.113.5", port: 25_443 } } })],
    ],
    [
      "a port that its tag chooses",
      "http://10.9.0.5:25005",
      [chat({}, ["traefik.http.services.chat.loadbalancer.server.port=25005"])],
    ],
    [
      "a URL that its tag chooses",
      "http://10.9.0.9:25006",
      [chat({}, ["traefik.http.services.chat.loadbalancer.server.url=http://10.9.0.9:25006"])],
    ],
    ["a place where another was registered first", "http://10.9.0.5:25000", [chat(), squatter()]],
    [
      "a place where another was registered first, of another node",
      "http://10.9.0.5:25000",
      [chat(), squatter({ node: "node-3", nodeAddress: "10.9.0.7", address: "10.9.0.5" })],
    ],
    ["the name of a host, which may lead there", "http://chat.service.consul:25000", [chat()]],
    ["localhost, which may be its machine", "http://localhost:25000", [chat()]],
    ["loopback", "http://127.0.0.1:25000", [chat()]],
    ["an address, where that of the service is a name", "http://10.9.0.5:25000", [chat({ address: "chat.example" })]],
  ])("%s", (_, url, present) => {
    expect(isRouted("other", [...present, other(url)])).toBe(false);
    const dressed = other(url);
    const tags = [...dressed.tags, "traefik.http.routers.other.middlewares=jwt@file"];
    expect(isRouted("other", [...present, { ...dressed, tags }])).toBe(true);
  });
});

test("it is left out at the address that the node has by the ledger", () => {
  const { ports } = SETTINGS;
  const ledger = { ...ports.ledger, nodes: new Map([["node-1", "192.168.7.5"]]) };
  const instances = [chat(), other("http://192.168.7.5:25000")];
  expect(isRouted("other", instances, { ...SETTINGS, ports: { ...ports, ledger } })).toBe(false);
});

describe("it is routed", () => {
  test.each<readonly [string, readonly ServiceInstance[]]>([
    ["at another port of that machine", [chat(), other("http://10.9.0.5:25001")]],
    [
      "at the same port of another machine, where no address is known of one under a demand",
      [
        chat({ catalog: "nomad", nodeAddress: "" }),
        chat({ id: "chat-2", taggedAddresses: { lan: { address: "", port: 0 } } }),
        other("http://10.9.0.9:25000"),
      ],
    ],
    ["at the same port of another machine", [chat(), other("http://10.9.0.9:25000")]],
    ["by the name of a host, at another port", [chat(), other("http://nas.example:25001")]],
    [
      "at its own place, where one under a demand is registered first",
      [chat(), other("http://10.9.0.5:25000", { nodeAddress: "10.9.0.5", port: 25_000 })],
    ],
    [
      "at its own tagged address, which one under a demand claims, too",
      [
        chat({ ...WAN, service: "chat-evil" }),
        instance({
          ...WAN,
          service: "other",
          id: "other-1",
          port: 25_000,
          tags: ["traefik.enable=true", "portolan.address=wan"],
        }),
      ],
    ],
    [
      "at its own place, to which one under a demand leads by its tags",
      [
        chat({}, ["traefik.http.services.chat.loadbalancer.server.url=http://10.9.0.6:25900"]),
        other("http://10.9.0.6:25900"),
      ],
    ],
    [
      "at its own name, where one under a demand has that port",
      [chat(), instance({ service: "other", id: "other-1", address: "other.example", port: 25_000 })],
    ],
    [
      "to another instance of its own service, beside one under a demand",
      [
        chat({ nodeAddress: "10.9.0.8" }),
        other("http://10.9.0.8:25000"),
        other("http://10.9.0.8:25000", { id: "other-2", nodeAddress: "10.9.0.8", port: 25_000 }),
      ],
    ],
  ])("%s", (_, instances) => {
    expect(isRouted("other", instances)).toBe(true);
  });
});

test.each(["localhost", "chat.service.consul", "[::ffff:10.9.0.5]"])(
  "a router to %s does not outlive its service past one under a demand that comes",
  (host) => {
    const before = pass([other(`http://${host}:25000`)], { settings: SETTINGS });
    expect(before.chart["http/routers"].has("other")).toBe(true);
    const { chart } = pass([chat()], { settings: SETTINGS, previous: before.memory });
    expect(chart["http/routers"].has("other")).toBe(false);
  },
);

test("a router to its own address outlives its service although one under a demand is registered there from elsewhere", () => {
  const own = instance({ service: "other", id: "other-1", nodeAddress: "10.9.0.6", port: 25_900 });
  const before = pass([own], { settings: SETTINGS });
  const evil = chat({ node: "node-3", address: "10.9.0.6", port: 25_900 });
  const { chart } = pass([evil], { settings: SETTINGS, previous: before.memory });
  expect(chart["http/routers"].has("other")).toBe(true);
});

test("the indexes of two catalogs are not compared", () => {
  const of = (catalogName: string, one: ServiceInstance) =>
    snapshot([{ ...one, catalogName }], { catalogName, source: catalogName });
  for (const createIndex of [1, 1_000]) {
    const { chart } = pass([], {
      settings: SETTINGS,
      snapshots: [of("one", chat()), of("two", squatter({ createIndex })), of("three", other("http://10.9.0.5:25000"))],
    });
    expect(chart["http/routers"].has("other")).toBe(false);
  }
});
