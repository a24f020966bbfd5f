import { expect, test } from "vitest";
import type { StateSummary } from "../../../src/core/instances/instance-state.ts";
import { findRemovals, servedRouters } from "../../../src/core/removals/removal.ts";
import { chart, router, served } from "../../builders/chart.ts";

const empty = chart({});
const published = chart({ routers: { web: router("web") }, services: { web: served("http://10.0.0.1:24001") } });
const owners = new Map([["http/routers/web" as const, { service: "web" }]]);

function removals(desired = empty, presence: Record<string, StateSummary> = {}, leftAtMs: Record<string, number> = {}) {
  const left = Object.entries(leftAtMs).map(([name, timeMs]) => [`http/routers/${name}`, timeMs] as const);
  const previous = { chart: published, owners, leftAtMs: new Map(left) };
  return findRemovals(desired, previous, (service) => presence[service]);
}

test.each<[string, StateSummary | undefined, string, boolean]>([
  ["has no instance", undefined, "deregistered", true],
  ["is unhealthy", { kind: "unhealthy", why: "critical" }, "critical", true],
  ["is quarantined", { kind: "refused", why: "quarantined: TAG_BAD_VALUE" }, "quarantined: TAG_BAD_VALUE", true],
  ["was withdrawn on purpose", { kind: "hidden", why: "no longer exposed" }, "no longer exposed", false],
])("a router leaves whose owner %s", (_, standing, why, keepsGrace) => {
  expect(removals(empty, standing === undefined ? {} : { web: standing })).toEqual([
    { router: "http/routers/web", why, keepsGrace, leftAtMs: undefined },
  ]);
});

test("a router that is still asked for does not leave", () => {
  expect(removals(published)).toEqual([]);
});

test("a router is replaced rather than leaving when its owner lives on with others", () => {
  expect(removals(empty, { web: { kind: "routed", why: "healthy" } })).toEqual([]);
});

test("a router is replaced rather than leaving when another one has its rule now, also in its grace", () => {
  const successor = chart({ routers: { other: { ...router("web"), service: "other" } } });
  expect(removals(successor)).toEqual([]);
  expect(removals(successor, {}, { web: 1 })).toEqual([]);
});

test("an equal rule with another priority is no replacement", () => {
  const other = chart({ routers: { other: { ...router("web"), priority: 1 } } });
  expect(removals(other)).toHaveLength(1);
});

test("a router that left before tells when", () => {
  expect(removals(empty, {}, { web: 123 })).toMatchObject([{ router: "http/routers/web", leftAtMs: 123 }]);
});

test("a router of a chart without state leaves without a known owner", () => {
  const previous = { chart: published, owners: new Map(), leftAtMs: new Map() };
  expect(findRemovals(empty, previous, () => undefined)).toMatchObject([
    { why: "not in the catalog", keepsGrace: true },
  ]);
});

test("routers with servers count as served, and those whose service lives elsewhere; emptied ones do not", () => {
  const mixed = chart({
    routers: { web: router("web"), gone: router("gone"), far: { rule: "Host(`far`)", service: "far@docker" } },
    services: { web: served("http://10.0.0.1:24001"), gone: served() },
  });
  expect(servedRouters(mixed)).toEqual(["http/routers/web", "http/routers/far"]);
});
