import { expect, test } from "vitest";
import { type DepartedInstance, serviceKey } from "../../../src/core/catalog/snapshot.ts";
import { stoppedServices } from "../../../src/core/catalog/stopped-services.ts";
import { instance } from "../../builders/world.ts";

const there = instance({ service: "shop", id: "there" });
const SHOP = serviceKey(there);

function left(id: string, more: Partial<DepartedInstance> = {}): DepartedInstance {
  return { instance: id, service: SHOP, isStopped: true, isJobStopped: true, ...more };
}

test.each<[string, readonly DepartedInstance[], (typeof there)[], boolean]>([
  ["all of it, with their jobs", [left("a"), left("b")], [], true],
  ["an instance is there", [left("a")], [there], false],
  ["one of them was updated", [left("a"), { instance: "b", service: SHOP, isStopped: true }], [], false],
  ["one of them is gone without a word", [left("b", { isStopped: false }), left("a")], [], false],
  ["none has left", [], [], false],
])("a service was stopped: %s", (_what, departed, instances, isStopped) => {
  expect(stoppedServices([{ departed, instances }]).has(SHOP)).toBe(isStopped);
});

test("of several catalogs each has services of its own", () => {
  const here = instance({ service: "shop", catalogName: "here" });
  const snapshots = [
    { catalogName: "here", departed: [left("a")], instances: [here] },
    { catalogName: "elsewhere", departed: [left("a")], instances: [] },
  ];
  expect([...stoppedServices(snapshots)]).toEqual([serviceKey({ ...here, catalogName: "elsewhere" })]);
});

test("an instance that is there counts before it bears its catalog's name, too", () => {
  const { catalogName: _, ...unnamed } = there;
  const snapshot = { catalogName: "here", departed: [left("a")], instances: [unnamed] };
  expect([...stoppedServices([snapshot])]).toEqual([]);
});
