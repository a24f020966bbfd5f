import { expect, test } from "vitest";
import { chooseStrategy, isOutgrown } from "../../../src/sources/consul/strategy.ts";

test.each([
  { services: 0, nodes: 0, budget: 8, name: "per-service" },
  { services: 60, nodes: 3, budget: 64, name: "per-service" },
  { services: 61, nodes: 3, budget: 64, name: "per-node" },
  { services: 5_000, nodes: 60, budget: 64, name: "per-node" },
  { services: 5_000, nodes: 61, budget: 64, name: "sweep" },
])("$services services on $nodes nodes with $budget connections: $name", ({ services, nodes, budget, name }) => {
  expect(chooseStrategy({ services, nodes }, budget).name).toBe(name);
});

test("the reason tells the numbers it was chosen by", () => {
  expect(chooseStrategy({ services: 200, nodes: 61 }, 64).reason).toBe(
    "neither 200 services nor 61 nodes fit into 64 connections",
  );
});

test.each([
  { what: "one service too many", chosenFor: { services: 60, nodes: 3 }, seen: { services: 61, nodes: 3 }, is: true },
  { what: "one node too many", chosenFor: { services: 200, nodes: 60 }, seen: { services: 200, nodes: 61 }, is: true },
  { what: "growth that still fits", chosenFor: { services: 1, nodes: 3 }, seen: { services: 60, nodes: 3 }, is: false },
  {
    what: "a shrink that just fits",
    chosenFor: { services: 61, nodes: 3 },
    seen: { services: 60, nodes: 3 },
    is: false,
  },
  {
    what: "a shrink below three quarters",
    chosenFor: { services: 61, nodes: 3 },
    seen: { services: 44, nodes: 3 },
    is: true,
  },
  {
    what: "fewer nodes, just fitting",
    chosenFor: { services: 200, nodes: 61 },
    seen: { services: 200, nodes: 60 },
    is: false,
  },
  { what: "far fewer nodes", chosenFor: { services: 200, nodes: 61 }, seen: { services: 200, nodes: 44 }, is: true },
])("$what: left for another is $is", ({ chosenFor, seen, is }) => {
  expect(isOutgrown(chooseStrategy(chosenFor, 64), seen, 64)).toBe(is);
});

test("a catalog that sways around the limit does not make the strategy sway", () => {
  let choice = chooseStrategy({ services: 58, nodes: 3 }, 64);
  const names = [];
  for (const services of [61, 60, 61, 59, 61, 50, 61]) {
    if (isOutgrown(choice, { services, nodes: 3 }, 64)) choice = chooseStrategy({ services, nodes: 3 }, 64);
    names.push(choice.name);
  }
  expect(new Set(names)).toEqual(new Set(["per-node"]));
});
