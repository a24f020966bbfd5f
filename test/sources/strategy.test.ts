import { expect, test } from "vitest";
import { CONSUL_STRATEGIES } from "../../src/sources/consul/strategies.ts";
import { NOMAD_STRATEGIES } from "../../src/sources/nomad/strategies.ts";
import { chooseStrategy, isOutgrown } from "../../src/sources/strategy.ts";

const choose = (shape: { services: number; nodes: number }, budget: number) =>
  chooseStrategy(CONSUL_STRATEGIES, shape, budget);
const isLeft = (current: ReturnType<typeof choose>, shape: { services: number; nodes: number }) =>
  isOutgrown(CONSUL_STRATEGIES, current, shape, 64);

test.each([
  { services: 0, nodes: 0, budget: 8, name: "per-service" },
  { services: 60, nodes: 3, budget: 64, name: "per-service" },
  { services: 61, nodes: 3, budget: 64, name: "per-node" },
  { services: 5_000, nodes: 60, budget: 64, name: "per-node" },
  { services: 5_000, nodes: 61, budget: 64, name: "sweep" },
])("$services services on $nodes nodes with $budget connections: $name", ({ services, nodes, budget, name }) => {
  expect(choose({ services, nodes }, budget).name).toBe(name);
});

test("the reason tells the numbers it was chosen by", () => {
  const shape = { services: 200, nodes: 61 };
  expect(choose(shape, 64).reason(shape, 64)).toBe("neither 200 services nor 61 nodes fit into 64 connections");
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
  expect(isLeft(choose(chosenFor, 64), seen)).toBe(is);
});

test("a catalog that sways around the limit does not make the strategy sway", () => {
  let choice = choose({ services: 58, nodes: 3 }, 64);
  const names = [];
  for (const services of [61, 60, 61, 59, 61, 50, 61]) {
    if (isLeft(choice, { services, nodes: 3 })) choice = choose({ services, nodes: 3 }, 64);
    names.push(choice.name);
  }
  expect(new Set(names)).toEqual(new Set(["per-node"]));
});

test.each([
  { services: 60, name: "per-service", reason: "60 services fit into 64 connections" },
  { services: 61, name: "sweep", reason: "61 services exceed 64 connections" },
])("Nomad with $services services: $name", ({ services, name, reason }) => {
  const shape = { services, nodes: 0 };
  const chosen = chooseStrategy(NOMAD_STRATEGIES, shape, 64);
  expect(chosen.name).toBe(name);
  expect(chosen.reason(shape, 64)).toBe(reason);
});
