import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { failOpen } from "../../../src/core/instances/fail-open.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { putOnStandby } from "../../../src/core/instances/standby.ts";
import { instance, settings } from "../../builders/world.ts";

const STANDBY = ["traefik.enable=true", "portolan.standby=true"];
const CANARY = "traefik.consulcatalog.canary=true";
const CRITICAL = [{ id: "http", name: "http", status: "critical" }];
const IN_ORDER = settings({
  equalNames: "failover",
  catalogs: [
    { name: "north", consul: {} },
    { name: "east", consul: {} },
  ],
});

function standby(id: string, overrides: Partial<ServiceInstance> = {}): ServiceInstance {
  return instance({ id, tags: STANDBY, ...overrides });
}

function judged(instances: readonly ServiceInstance[], by = settings()) {
  return putOnStandby(
    failOpen(
      instances.map((one) => translateInstance(one, by)),
      by,
    ),
    by,
  );
}

function kinds(instances: readonly ServiceInstance[], by = settings()): readonly string[] {
  return judged(instances, by).map(({ state }) => state.kind);
}

test("an instance on standby waits for the active ones, in whatever order they come", () => {
  expect(kinds([standby("b"), instance({ id: "a" })])).toEqual(["standby", "routed"]);
  expect(kinds([instance({ id: "a" }), standby("b"), standby("c")])).toEqual(["routed", "standby", "standby"]);
});

test("all of them serve while no active one is healthy, hidden and refused ones included", () => {
  const away = [
    instance({ id: "sick", checks: CRITICAL }),
    instance({ id: "hidden", tags: [] }),
    instance({ id: "refused", port: 80 }),
  ];
  expect(kinds([...away, standby("b"), standby("c")]).slice(3)).toEqual(["routed", "routed"]);
  expect(kinds([standby("b"), standby("c")])).toEqual(["routed", "routed"]);
});

test("where all have failed and fail open, the active ones serve", () => {
  const by = settings({ backends: { failOpen: true } });
  const sick = { checks: CRITICAL };
  expect(kinds([instance({ id: "a", ...sick }), standby("b", sick)], by)).toEqual(["routed", "standby"]);
  expect(kinds([instance({ id: "a", ...sick }), standby("b")], by)).toEqual(["unhealthy", "routed"]);
});

test("a canary keeps no stable instance on standby, but canaries do, and so do stable ones", () => {
  const canary = instance({ id: "a", tags: ["traefik.enable=true", CANARY] });
  const canaryOnStandby = standby("c", { tags: [...STANDBY, CANARY] });
  expect(kinds([canary, standby("b")])).toEqual(["routed", "routed"]);
  expect(kinds([canary, canaryOnStandby])).toEqual(["routed", "standby"]);
  expect(kinds([instance({ id: "d" }), canaryOnStandby])).toEqual(["routed", "standby"]);
});

test("each service is judged for itself, in each namespace", () => {
  expect(kinds([standby("b"), instance({ id: "a", namespace: "team" })])).toEqual(["routed", "routed"]);
});

test("of catalogs in an order the first with a routed instance serves, and an active instance comes before a waiting one", () => {
  const north = instance({ id: "n", catalogName: "north" });
  const east = instance({ id: "e", catalogName: "east", namespace: "default" });
  expect(kinds([east, north], IN_ORDER)).toEqual(["standby", "routed"]);
  expect(kinds([east, { ...north, checks: CRITICAL }], IN_ORDER)).toEqual(["routed", "unhealthy"]);
  expect(kinds([east, { ...north, tags: STANDBY }], IN_ORDER)).toEqual(["routed", "standby"]);
  expect(
    kinds(
      [
        { ...east, tags: STANDBY },
        { ...north, tags: STANDBY },
      ],
      IN_ORDER,
    ),
  ).toEqual(["standby", "routed"]);
});

test("the state says whose turn it is", () => {
  const north = instance({ id: "n", catalogName: "north" });
  const east = instance({ id: "e", catalogName: "east" });
  expect(judged([east, north], IN_ORDER)[0]?.state).toMatchObject({ behind: { kind: "catalog", name: "north" } });
  expect(judged([standby("b"), instance({ id: "a" })])[0]?.state).toMatchObject({ behind: { kind: "active" } });
});

test("an instance that has not changed stays the same object, so that nothing is computed anew", () => {
  const translated = [standby("b"), instance({ id: "a" })].map((one) => translateInstance(one, settings()));
  const [first, second] = [putOnStandby(translated, settings()), putOnStandby(translated, settings())];
  expect(second[0]).toBe(first[0]);
  expect(second[1]).toBe(translated[1]);
});
