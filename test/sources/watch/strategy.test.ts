import { describe, expect, test } from "vitest";
import { CONSUL_STRATEGIES } from "../../../src/sources/consul/strategies.ts";
import { nomadStrategies } from "../../../src/sources/nomad/strategies.ts";
import type { CatalogShape } from "../../../src/sources/watch/catalog-shape.ts";
import { chooseStrategy, forcedStrategy, isOutgrown } from "../../../src/sources/watch/strategy.ts";

/** Services with three instances each, all of them exposed, over HTTP/1.1. */
function shape(services: number, nodes: number, more: Partial<CatalogShape> = {}): CatalogShape {
  return { listed: services, services, instances: 3 * services, nodes, requestsPerConnection: 1, ...more };
}

const HTTP2 = { requestsPerConnection: 250 };
const choose = (of: CatalogShape, connections = 64) => chooseStrategy(CONSUL_STRATEGIES, of, connections);

test.each([
  { what: "an empty catalog", of: shape(0, 1), name: "per-service" },
  { what: "a homelab", of: shape(12, 3), name: "per-service" },
  { what: "the last service that fits", of: shape(60, 3), name: "per-service" },
  { what: "one service too many", of: shape(61, 3), name: "per-node" },
  { what: "as many nodes as fit", of: shape(5_000, 59), name: "per-node" },
  { what: "one node too many", of: shape(5_000, 60), name: "sweep" },
  { what: "nodes that are not known", of: shape(5_000, 0), name: "sweep" },
  { what: "the same by HTTP/2", of: shape(5_000, 60, HTTP2), name: "per-node" },
  { what: "services crowded on three nodes, by HTTP/2", of: shape(5_000, 3, HTTP2), name: "multiplexed" },
  { what: "few exposed ones among thousands", of: shape(40, 50, { listed: 10_000 }), name: "per-node" },
])("$what: $name", ({ of, name }) => {
  expect(choose(of).strategy.name).toBe(name);
});

test.each([
  [shape(61, 3), "61 services with 183 instances on 3 nodes over HTTP/1.1; 8 of 64 connections, some 5.0 KB a change"],
  [shape(1, 1, { instances: 1 }), /^1 service with 1 instance on 1 node over /],
  [shape(5_000, 50, HTTP2), /over HTTP\/2; 1 of 64 connections, some 9\.8 KB a change$/],
  [shape(200, 61), /nothing else fits into 64 connections$/],
])("the reason tells the numbers that it was chosen by", (of, reason) => {
  const reported = choose(of).reason;
  if (typeof reason === "string") expect(reported).toBe(reason);
  else expect(reported).toMatch(reason);
});

describe("left for another", () => {
  test.each([
    { what: "one service too many", chosenFor: shape(60, 3), seen: shape(61, 3), is: true },
    { what: "one node too many", chosenFor: shape(200, 59), seen: shape(200, 60), is: true },
    { what: "growth that still fits", chosenFor: shape(1, 3), seen: shape(60, 3), is: false },
    { what: "a shrink that spares little", chosenFor: shape(61, 3), seen: shape(44, 3), is: false },
    { what: "fewer nodes, just fitting", chosenFor: shape(200, 60), seen: shape(200, 59), is: false },
    { what: "far fewer nodes", chosenFor: shape(200, 61), seen: shape(200, 40), is: true },
    { what: "one that costs half", chosenFor: shape(100, 10), seen: shape(40, 1, { listed: 2_000 }), is: true },
  ])("$what: $is", ({ chosenFor, seen, is }) => {
    expect(isOutgrown(CONSUL_STRATEGIES, choose(chosenFor).strategy, seen, 64)).toBe(is);
  });

  test("not by a catalog that sways around the limit", () => {
    let { strategy } = choose(shape(58, 3));
    const names = [61, 60, 61, 59, 61, 50, 61].map((services) => {
      if (isOutgrown(CONSUL_STRATEGIES, strategy, shape(services, 3), 64)) ({ strategy } = choose(shape(services, 3)));
      return strategy.name;
    });
    expect(new Set(names)).toEqual(new Set(["per-node"]));
  });
});

test("what the settings ask for is taken whatever the shape, and an unknown name is not", () => {
  expect(forcedStrategy(CONSUL_STRATEGIES, "sweep")).toMatchObject({
    strategy: { name: "sweep" },
    reason: "the settings ask for it",
  });
  expect(forcedStrategy(CONSUL_STRATEGIES, "by-magic")).toBeUndefined();
});

test.each([
  { of: shape(60, 0), name: "per-service" },
  { of: shape(61, 0), name: "sweep" },
  { of: shape(61, 0, HTTP2), name: "multiplexed" },
])("Nomad: $name", ({ of, name }) => {
  expect(chooseStrategy(nomadStrategies(), of, 64).strategy.name).toBe(name);
});
