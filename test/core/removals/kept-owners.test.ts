import { expect, test } from "vitest";
import { passOf } from "../../../src/core/decision.ts";
import { finish } from "../../../src/core/incremental/steps.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import type { Owner } from "../../../src/core/merge/owner.ts";
import { OWNER_KEPT_MS } from "../../../src/core/merge/ownership.ts";
import { keepOwners } from "../../../src/core/removals/kept-owners.ts";
import type { ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

test("the names of an owner that left become free first, those of its routers with its hosts, after the time that the settings keep them", () => {
  const core = { ...settings(), claims: { keptMs: 90_000 } };
  const owners = new Map<ResourceKey, Owner>([
    ["http/routers/a", { service: "a", goneAtMs: NOW_MS - 100 }],
    ["http/services/a", { service: "a", goneAtMs: NOW_MS - 100 }],
    ["http/routers/b", { service: "b" }],
  ]);
  const input = { snapshots: [snapshot([])], previous: initialMemory(undefined), settings: core, nowMs: NOW_MS };
  const { chart: desired } = pass([]);
  const { dueAtMs } = finish(keepOwners(passOf(input), { owners, desired }, owners));
  expect([...new Set(dueAtMs)].sort()).toEqual([NOW_MS - 100 + OWNER_KEPT_MS, NOW_MS - 100 + 90_000]);
});
