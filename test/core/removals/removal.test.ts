import { expect, test } from "vitest";
import { diagnose } from "../../../src/core/diagnostics/finding.ts";
import type { InstanceState } from "../../../src/core/instances/instance-state.ts";
import { findRemovals, type RemovalReason, servedRouters } from "../../../src/core/removals/removal.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance } from "../../builders/world.ts";

const FINDING = { code: "TAG_BAD_VALUE", message: "a value", remedy: "correct it" } as const;
const ROUTED: InstanceState = {
  kind: "routed",
  fragment: { config: chart({}), byDefaultRule: new Set(), leftOut: new Map() },
  diagnostics: [],
};
const empty = chart({});
const published = chart({ routers: { web: router("web") }, services: { web: served("http://10.0.0.1:24001") } });
const owners = new Map([["http/routers/web" as const, { service: "web" }]]);

function removals(desired = empty, states: Record<string, InstanceState> = {}, leftAtMs: Record<string, number> = {}) {
  const left = Object.entries(leftAtMs).map(([name, timeMs]) => [`http/routers/${name}`, timeMs] as const);
  return findRemovals(desired, { chart: published, owners }, new Map(left), (service) => states[service]);
}

const CRITICAL: InstanceState = { kind: "unhealthy", health: { status: "critical", because: undefined } };
const REFUSED: InstanceState = { kind: "refused", diagnostics: [diagnose(instance(), FINDING)] };

test.each<[string, InstanceState | undefined, RemovalReason, boolean]>([
  ["has no instance", undefined, { kind: "deregistered" }, true],
  ["is unhealthy", CRITICAL, { kind: "unhealthy", status: "critical" }, true],
  ["is quarantined", REFUSED, { kind: "quarantined", code: "TAG_BAD_VALUE" }, true],
  ["was withdrawn on purpose", { kind: "hidden", why: "off" }, { kind: "hidden" }, false],
])("a router is removed whose owner %s", (_, state, why, keepsGrace) => {
  expect(removals(empty, state === undefined ? {} : { web: state })).toEqual([
    { router: "http/routers/web", why, keepsGrace, leftAtMs: undefined },
  ]);
});

test("a router that is still asked for does not leave", () => {
  expect(removals(published)).toEqual([]);
});

test("a router is replaced rather than removed when its owner lives on with others", () => {
  expect(removals(empty, { web: ROUTED })).toEqual([]);
});

test("a router is replaced rather than removed when another one has its rule now, also in its grace", () => {
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
  expect(findRemovals(empty, { chart: published, owners: new Map() }, new Map(), () => undefined)).toMatchObject([
    { why: { kind: "not-in-catalog" }, keepsGrace: true },
  ]);
});

test("routers with servers count as served, and those whose service lives elsewhere; emptied ones do not", () => {
  const mixed = chart({
    routers: { web: router("web"), gone: router("gone"), far: { rule: "Host(`far`)", service: "far@docker" } },
    services: { web: served("http://10.0.0.1:24001"), gone: served() },
  });
  expect(servedRouters(mixed)).toEqual(["http/routers/web", "http/routers/far"]);
});
