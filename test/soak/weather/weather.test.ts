import { describe, expect, test } from "vitest";
import { listServices, readServiceHealth } from "../../../src/simulator/consul/queries.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { decodeInstances, decodeServiceList } from "../../../src/sources/consul/decode.ts";
import { overTheWire } from "../../differential/worlds/over-the-wire.ts";
import { ACTIONS } from "./actions.ts";
import { type Census, instancesOf, largeScale } from "./census.ts";
import { createDice } from "./dice.ts";
import { describeSteps } from "./perform.ts";
import { SPELLS } from "./spells.ts";
import { type Climate, firstRound, nextRound, type Step } from "./weather.ts";

const ROUNDS = 60;
const STORMY: Climate = { spells: "all", keepsData: false, isCrowded: false };

function roundsOf(seed: number, climate = STORMY): { readonly census: Census; readonly steps: readonly Step[] } {
  const { census, steps } = firstRound(createDice(seed, 0));
  const rounds = Array.from({ length: ROUNDS }, (_, number) =>
    nextRound(census, createDice(seed, number + 1), climate),
  );
  return { census, steps: [...steps, ...rounds.flat()] };
}

describe("the weather", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(describeSteps(roundsOf(1).steps)).toEqual(describeSteps(roundsOf(1).steps));
    expect(describeSteps(roundsOf(1).steps)).not.toEqual(describeSteps(roundsOf(2).steps));
  });

  test("knows every action and every spell, and ends each spell before it begins the next", () => {
    const { steps } = roundsOf(1);
    const acted = new Set(steps.flatMap((step) => (step.kind === "act" ? [step.name] : [])));
    const begun = steps.flatMap((step) => (step.kind === "begin" ? [step.spell.name] : []));
    const turns = steps.flatMap(({ kind }) => (kind === "begin" || kind === "end" ? [kind] : []));
    expect([...acted]).toEqual(expect.arrayContaining(ACTIONS.map(({ name }) => name)));
    expect(new Set(begun)).toEqual(new Set(SPELLS.map(({ name }) => name)));
    expect(turns).toEqual(begun.flatMap(() => ["begin", "end"]));
    expect(steps.some(({ kind }) => kind === "restart")).toBe(true);
  });

  test("has no spells where there are to be none, and open ones alone where waits are long", () => {
    const calm = roundsOf(1, { spells: "none", keepsData: true, isCrowded: false }).steps;
    const open = roundsOf(1, { spells: "open", keepsData: true, isCrowded: false }).steps;
    expect(new Set(calm.map(({ kind }) => kind))).toEqual(new Set(["act", "pause"]));
    expect(open.flatMap((step) => (step.kind === "begin" ? [step.spell.kind] : []))).not.toContain("hidden");
  });

  test("has a crowd of more services than are read one by one, which changes ten times a second", () => {
    const { census, steps } = roundsOf(1, { spells: "none", keepsData: true, isCrowded: true });
    const named = new Set(instancesOf(census).map(({ service }) => service.name));
    expect(named.size).toBeGreaterThan(64);
    const pauses = steps.flatMap((step) => (step.kind === "pause" ? [step.forMs] : []));
    expect(new Set(pauses)).toEqual(new Set([100]));
  });

  test("of a large world never leaves many fewer services than wanted, on as many nodes as a large site has", () => {
    const { census } = firstRound(createDice(1, 0), largeScale(300));
    for (let round = 1; round <= ROUNDS; round += 1) {
      nextRound(census, createDice(1, round), STORMY);
      expect(new Set(instancesOf(census).map(({ service }) => service)).size).toBeGreaterThan(285);
      expect(census.nodes.size).toBeGreaterThanOrEqual(40);
    }
  });

  test.each([1, 2, 3])("writes what a catalog takes, and knows afterwards what it holds (seed %i)", (seed) => {
    const catalog = createCatalog();
    const { census, steps } = roundsOf(seed);
    for (const step of steps) {
      if (step.kind === "restart") catalog.wipe();
      if (step.kind !== "act") continue;
      for (const write of step.writes) {
        if (write.kind === "register") catalog.register(write.body);
        else catalog.deregister(write.body);
      }
    }
    const names = [...decodeServiceList(overTheWire(listServices(catalog.state).body)).keys()];
    const held = names
      .flatMap((name) => decodeInstances(overTheWire(readServiceHealth(name, [], false)(catalog.state).body)))
      .filter(({ node }) => node !== catalog.server)
      .map(({ id, service, node, nodeAddress, port, checks }) => [
        ...[id, service, node, nodeAddress, port],
        checks.find((check) => check.id === `service:${id}`)?.status,
        checks.some((check) => check.id === `_service_maintenance:${id}`),
        checks.some((check) => check.id === "_node_maintenance"),
      ]);
    const known = instancesOf(census).map(({ id, service, node, port, status, isMaintained }) => [
      ...[id, service.name, node.name, node.address, port, status, isMaintained, node.isMaintained],
    ]);
    expect(held.toSorted()).toEqual(known.toSorted());
  });
});
