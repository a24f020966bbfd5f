import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { failOpen } from "../../../src/core/instances/fail-open.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { instance, settings } from "../../builders/world.ts";

const OPEN = settings({ backends: { failOpen: true } });

function sick(id: string, overrides: Partial<ServiceInstance> = {}): ServiceInstance {
  return instance({ id, checks: [{ id: "http", name: "http", status: "critical" }], ...overrides });
}

function kinds(instances: readonly ServiceInstance[], by = OPEN): readonly string[] {
  const translated = instances.map((one) => translateInstance(one, by));
  return failOpen(translated, by).map(({ state }) => state.kind);
}

test("it is off unless somebody asks for it", () => {
  expect(kinds([sick("a")], settings())).toEqual(["unhealthy"]);
});

test("all serve where nobody is healthy, and the sick stay out where somebody is", () => {
  expect(kinds([sick("a"), sick("b")])).toEqual(["routed", "routed"]);
  expect(kinds([sick("a"), instance({ id: "b" })])).toEqual(["unhealthy", "routed"]);
});

test("each service is judged for itself, in each namespace", () => {
  const other = instance({ id: "b", namespace: "team" });
  expect(kinds([sick("a"), other])).toEqual(["routed", "routed"]);
});

test("a healthy instance that is hidden or refused serves nobody", () => {
  const hidden = instance({ id: "b", tags: [] });
  const refused = instance({ id: "c", port: 80 });
  expect(kinds([sick("a"), hidden, refused])).toEqual(["routed", "hidden", "refused"]);
});

test("what is wrong with an unhealthy instance is judged when it is to serve", () => {
  expect(kinds([sick("a", { port: 80 })])).toEqual(["refused"]);
});

test("an unknown status is no reason to stay out, maintenance is", () => {
  expect(kinds([sick("a", { checks: [{ id: "http", name: "http", status: "resting" }] })])).toEqual(["routed"]);
  const maintenance = [{ id: "_node_maintenance", name: "", status: "critical" }];
  expect(kinds([sick("a", { checks: maintenance })])).toEqual(["unhealthy"]);
});

test("an instance that has not changed stays the same object, so that nothing is computed anew", () => {
  const translated = [sick("a"), sick("b")].map((one) => translateInstance(one, OPEN));
  const [first, second] = [failOpen(translated, OPEN), failOpen(translated, OPEN)];
  for (const [position, one] of first.entries()) expect(second[position]).toBe(one);
});
