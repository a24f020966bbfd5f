import { beforeEach, expect, test } from "vitest";
import { IndexOf } from "../../../src/sources/catalog/index-of.ts";
import { type Age, createSnapshotStore, type SnapshotStore } from "../../../src/sources/catalog/snapshot-store.ts";
import { instance } from "../../builders/world.ts";

const NOW_MS = 5_000;
let changes: number;
let store: SnapshotStore;
beforeEach(() => {
  changes = 0;
  store = createSnapshotStore("consul a", () => {
    changes += 1;
  });
});

const fromWatch = (index: number): Age => ({ from: "watch", index: new IndexOf("service", "web", BigInt(index)) });
const fromRead = (index: number): Age => ({ from: "read", index: new IndexOf("service", "web", BigInt(index)) });
const fromMany = (began: number): Age => ({ from: "complete-read", began, index: undefined });

function completed(): void {
  store.put("web", [instance()], fromRead(10));
  store.complete("read", NOW_MS);
  changes = 0;
}

test("there is no snapshot and no news before the first complete read", () => {
  store.put("web", [instance()], fromRead(10));
  expect(store.snapshot()).toBeUndefined();
  expect(changes).toBe(0);
  store.complete("read", NOW_MS);
  expect(store.snapshot()).toEqual({
    source: "consul a",
    instances: [instance()],
    freshness: "live",
    readAtMs: NOW_MS,
  });
  expect(changes).toBe(1);
});

test("other content is news, the same content under another index is none", () => {
  completed();
  store.put("web", [instance()], fromWatch(11));
  expect(changes).toBe(0);
  store.put("web", [instance({ port: 24_002 })], fromWatch(12));
  expect(changes).toBe(1);
  expect(store.snapshot()?.instances).toEqual([instance({ port: 24_002 })]);
});

test("the snapshot is one value as long as nothing changes", () => {
  completed();
  const snapshot = store.snapshot();
  store.put("web", [instance()], fromWatch(11));
  expect(store.snapshot()).toBe(snapshot);
});

test("a read that is older than what a watch brought is ignored, a watch is always believed", () => {
  completed();
  store.put("web", [instance({ port: 24_002 })], fromWatch(20));
  store.put("web", [instance()], fromRead(19));
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_002 })]);
  store.put("web", [instance({ port: 24_003 })], fromRead(20));
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_003 })]);
  store.put("web", [instance({ port: 24_004 })], fromWatch(5));
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_004 })]);
});

test("equal content under a newer index is guarded from older reads as well", () => {
  completed();
  store.put("web", [instance()], fromWatch(30));
  store.put("web", [instance({ port: 24_002 })], fromRead(20));
  expect(store.instancesOf("web")).toEqual([instance()]);
});

test("after a reset low indexes count, and the snapshot says when it was", () => {
  completed();
  store.noteReset(6_000);
  expect(store.snapshot()).toMatchObject({ indexResetAtMs: 6_000 });
  expect(changes).toBe(1);
  store.put("web", [instance({ port: 24_002 })], fromRead(2));
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_002 })]);
});

test("a service that is removed is news once", () => {
  completed();
  store.remove("web");
  store.remove("web");
  expect(changes).toBe(1);
  expect(store.snapshot()?.instances).toEqual([]);
  expect([...store.services()]).toEqual([]);
  expect(store.instancesOf("web")).toEqual([]);
});

test("a list that was asked for before something was heard of a service cannot remove it", async () => {
  completed();
  await store.duringRead(async (askedAt) => {
    store.put("web", [instance()], fromWatch(11));
    store.remove("web", askedAt);
  });
  expect([...store.services()]).toEqual(["web"]);
  await store.duringRead(async (askedAt) => store.remove("web", askedAt));
  expect([...store.services()]).toEqual([]);
});

test("what a complete read brings is ignored where something was heard of the service meanwhile", async () => {
  completed();
  await store.duringRead(async (began) => {
    store.put("web", [instance({ port: 24_002 })], fromRead(12));
    expect(store.put("web", [instance()], fromMany(began))).toBe(false);
  });
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_002 })]);
  expect(await store.duringRead(async (began) => store.put("web", [instance()], fromMany(began)))).toBe(true);
});

test("what a complete read brings under the very index of what was heard meanwhile is ignored: a rename moves none", async () => {
  completed();
  const two = [instance(), instance({ id: "second" })];
  await store.duringRead(async (began) => {
    store.put("web", [instance()], fromRead(12));
    const index = new IndexOf("service", "web", 12n);
    expect(store.put("web", two, { from: "complete-read", began, index })).toBe(false);
  });
  await store.duringRead(async (began) => {
    const index = new IndexOf("service", "web", 12n);
    expect(store.put("web", two, { from: "complete-read", began, index })).toBe(true);
  });
});

test("a complete read does not bring back what was removed while it was under way", async () => {
  completed();
  await store.duringRead(async (began) => {
    store.remove("web");
    expect(store.put("web", [instance()], fromMany(began))).toBe(false);
  });
  expect([...store.services()]).toEqual([]);
  expect(await store.duringRead(async (began) => store.put("web", [instance()], fromMany(began)))).toBe(true);
});

test("a complete read brings nothing that a list lacked while it was under way, known or not", async () => {
  completed();
  await store.duringRead(async (began) => {
    store.put("api", [instance({ service: "api" })], fromRead(12));
    store.keepOnly(new Set(["api", "late"]));
    expect(store.put("web", [instance()], fromMany(began))).toBe(false);
    expect(store.put("short", [instance({ service: "short" })], fromMany(began))).toBe(false);
    expect(store.put("late", [instance({ service: "late" })], fromMany(began))).toBe(true);
  });
  expect([...store.services()]).toEqual(["api", "late"]);
  expect(await store.duringRead(async (began) => store.put("web", [instance()], fromMany(began)))).toBe(true);
});

test("the index under which something was read among others is compared with no own one", async () => {
  completed();
  await store.duringRead(async (began) => store.put("web", [instance({ port: 24_002 })], fromMany(began)));
  store.put("web", [instance({ port: 24_003 })], fromRead(1));
  expect(store.instancesOf("web")).toEqual([instance({ port: 24_003 })]);
});

test("a confirmation has its own time, which an ordinary read does not move", () => {
  completed();
  store.complete("confirmed", 7_000);
  store.complete("read", 8_000);
  expect(store.snapshot()).toMatchObject({ readAtMs: 8_000, confirmedAtMs: 7_000 });
  expect(changes).toBe(2);
});

test("instances that did not change stay the same objects, whatever changes beside them", () => {
  const store = createSnapshotStore("test", () => {});
  const two = () => [instance({ id: "a" }), instance({ id: "b" })];
  store.put("web", two(), fromWatch(1));
  const [first] = store.instancesOf("web");
  store.put("web", [instance({ id: "a" }), instance({ id: "b", port: 24_009 })], fromWatch(2));
  expect(store.instancesOf("web")[0]).toBe(first);
  expect(store.instancesOf("web")[1]?.port).toBe(24_009);
  expect(store.holds("web", [instance({ id: "a" }), instance({ id: "b", port: 24_009 })])).toBe(true);
  expect(store.holds("web", two())).toBe(false);
});

test("reasons of a partial view are part of the snapshot, and their coming and going is a change of it", () => {
  completed();
  store.notePartialViewReasons(["no-servers"]);
  expect(store.snapshot()?.partialViewReasons).toEqual(["no-servers"]);
  store.notePartialViewReasons([]);
  expect(store.snapshot()).not.toHaveProperty("partialViewReasons");
  expect(changes).toBe(2);
});

test("what an earlier process knew stands for the same instances of the first complete read, and for no others", async () => {
  const kept = [instance({ id: "a" }), instance({ id: "b" }), instance({ id: "c" })];
  store.recall(kept);
  await store.duringRead(async (began) =>
    store.put(
      "web",
      [instance({ id: "a" }), instance({ id: "b", port: 24_009 }), instance({ id: "d" })],
      fromMany(began),
    ),
  );
  expect(store.instancesOf("web")[0]).toBe(kept[0]);
  expect(store.instancesOf("web").map(({ id, port }) => [id, port])).toEqual([
    ["a", 24_001],
    ["b", 24_009],
    ["d", 24_001],
  ]);
  expect(store.snapshot()).toBeUndefined();
  store.complete("read", NOW_MS);
  expect(store.snapshot()?.instances[0]).toBe(kept[0]);
  store.put("api", [instance({ id: "c" })], fromWatch(1));
  expect(store.instancesOf("api")[0]).not.toBe(kept[2]);
});

test("a service without instances stays what it was", () => {
  store.put("web", [], fromWatch(1));
  store.complete("read", NOW_MS);
  changes = 0;
  expect(store.put("web", [], fromWatch(2))).toBe(false);
  expect(changes).toBe(0);
});
