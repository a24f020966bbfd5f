import { expect, test } from "vitest";
import { instanceKey, type ServiceInstance, serviceKey } from "../../../src/core/catalog/snapshot.ts";
import { instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";

const WEB = instance({ service: "web", id: "web" });
const WIKI = instance({ service: "wiki", id: "wiki", port: 24_002 });

function departed(one: ServiceInstance, isStopped: boolean) {
  return { instance: instanceKey(one), service: serviceKey(one), isStopped };
}

/** Two catalogs, of which one loses all that it has. */
function lose(isStopped: boolean) {
  const named = (catalogName: string, instances: readonly ServiceInstance[], more: object = {}) =>
    snapshot(instances, { catalogName, ...more });
  const before = pass([], { snapshots: [named("one", [WEB]), named("other", [WIKI])] });
  return pass([], {
    previous: before.memory,
    nowMs: NOW_MS + 1_000,
    snapshots: [named("one", [], { departed: [departed(WEB, isStopped)] }), named("other", [WIKI])],
  });
}

test("of several catalogs, what the Nomad of one has stopped is not held, and what has only gone is", () => {
  expect(lose(true).memory.removals.holds).toEqual([]);
  expect(lose(false).memory.removals.holds).toMatchObject([{ kind: "mass-removal", catalogName: "one" }]);
});

test("a service of which one instance was stopped and another has only gone is held", () => {
  const both = [WEB, instance({ service: "web", id: "web-2", port: 24_003 })];
  const before = pass(both);
  const gone = both.map((one, n) => departed(one, n === 0));
  const after = pass([], {
    previous: before.memory,
    nowMs: NOW_MS + 1_000,
    snapshots: [snapshot([], { departed: gone })],
  });
  expect(after.memory.removals.holds).toMatchObject([{ kind: "mass-removal" }]);
});
