import { expect, test } from "vitest";
import type { EventRow } from "../../src/api/resources/events.ts";
import type { RouteRow } from "../../src/api/resources/routes.ts";
import { createLive, type Live } from "../../src/page/live/live.ts";
import { ReadError } from "../../src/page/live/world.ts";
import { createFakeWorld, type FakeWorld, pagesOf, settled } from "./fake-world.ts";
import { routeRow } from "./route-row.ts";
import { statusAnswer } from "./status-answer.ts";

interface Page {
  readonly world: FakeWorld;
  readonly live: Live;
  rows: RouteRow[];
}

/** A page that has been loaded from a daemon with these routes, and its stream opened. */
async function openPage(rows: RouteRow[]): Promise<Page> {
  const world = createFakeWorld();
  const page = { world, live: createLive(world), rows };
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set("v1/events", () => ({ events: [], last: 0, isComplete: true }));
  world.answers.set(
    "v1/routes",
    pagesOf(() => page.rows),
  );
  page.live.start();
  openStream(page);
  await settled();
  return page;
}

function openStream({ world }: Page): void {
  world.streams.at(-1)?.opened();
  tell(world, "status", statusAnswer());
}

/** @param id of the stream's place behind it */
function tell(world: FakeWorld, event: string, data: unknown, id = 7): void {
  world.streams.at(-1)?.told(event, JSON.stringify(data), String(id));
}

function routers({ live }: Page): readonly string[] {
  return live.known().routes.rows.map(({ router }) => router);
}

function eventRow(id: number): EventRow {
  return {
    id,
    at: "",
    chart: "main",
    event: "route.came",
    message: "",
    router: null,
    service: null,
  } as unknown as EventRow;
}

/** The daemon is gone: what is read is not answered, and streams end. */
function end({ world }: Page): void {
  world.answers.clear();
  world.streams.at(-1)?.ended();
}

test("a page is live, with all routes, once its stream has spoken", async () => {
  const page = await openPage([routeRow("shop"), routeRow("wiki")]);
  expect(page.live.known().connection).toEqual({ kind: "live" });
  expect(routers(page)).toEqual(["shop", "wiki"]);
  expect(page.live.known().routes).toMatchObject({ isWhole: true, total: 2 });
});

test("of many routes the first page is shown before the others have come", async () => {
  const rows = Array.from({ length: 2_500 }, (_, index) => routeRow(`r${String(index).padStart(4, "0")}`));
  const world = createFakeWorld();
  const live = createLive(world);
  world.answers.set(
    "v1/routes",
    pagesOf(() => rows),
  );
  const shown: [number, boolean][] = [];
  live.subscribe(() => {
    const { rows: known, isWhole } = live.known().routes;
    if (shown.at(-1)?.[0] !== known.length) shown.push([known.length, isWhole]);
  });
  live.start();
  world.streams.at(-1)?.opened();
  await settled();
  expect(shown).toEqual([...[200, 1_200, 2_200].map((length) => [length, false]), [2_500, true]]);
  expect(live.known().routes.rows).toEqual(rows);
});

test("a publication changes the rows it names, and no other", async () => {
  const page = await openPage([routeRow("shop"), routeRow("wiki")]);
  const [shop] = page.live.known().routes.rows;
  const held = routeRow("wiki", { state: "held" });
  tell(page.world, "routes", { chart: "main", generation: 2, rows: [held, routeRow("zoo")], gone: [] });
  expect(routers(page)).toEqual(["shop", "wiki", "zoo"]);
  expect(page.live.known().routes.rows[0]).toBe(shop);
  expect(page.live.known().routes.rows[1]?.state).toBe("held");
  tell(page.world, "routes", { chart: "main", generation: 3, rows: [], gone: ["main/http/routers/shop"] });
  expect(routers(page)).toEqual(["wiki", "zoo"]);
  expect(page.live.known().routes.total).toBe(2);
});

test("what is told while the pages are read counts, not what an earlier page said", async () => {
  const page = await openPage([]);
  page.rows = Array.from({ length: 500 }, (_, index) => routeRow(`r${String(index).padStart(3, "0")}`));
  tell(page.world, "routes", { chart: "main", generation: 2, all: true });
  tell(page.world, "routes", {
    chart: "main",
    generation: 3,
    rows: [routeRow("r001", { state: "emptied" })],
    gone: ["main/http/routers/r002"],
  });
  await settled();
  expect(page.live.known().routes.total).toBe(499);
  expect(page.live.known().routes.rows.find(({ router }) => router === "r001")?.state).toBe("emptied");
});

test.each([
  ["routes", { chart: "main", generation: 2, all: true }],
  ["missed", {}],
])("%s with %j: the routes are read anew", async (event, data) => {
  const page = await openPage([routeRow("shop")]);
  page.rows = [routeRow("wiki")];
  tell(page.world, event, data);
  await settled();
  expect(routers(page)).toEqual(["wiki"]);
});

test("a stream that ends and goes on where it was has nothing read anew, unless something was missed", async () => {
  const page = await openPage([routeRow("shop")]);
  tell(page.world, "routes", { chart: "main", generation: 2, rows: [routeRow("wiki")], gone: [] }, 12);
  const reads = () => page.world.reads.filter((path) => path.startsWith("v1/routes")).length;
  page.live.stop();
  await page.world.pass(60_000);
  expect(page.world.streams).toEqual([]);
  page.live.start();
  expect(page.world.streams.at(-1)?.path).toBe("v1/events?after=12");
  openStream(page);
  await settled();
  expect([reads(), routers(page)]).toEqual([1, ["shop", "wiki"]]);
  tell(page.world, "missed", {}, 20);
  await settled();
  expect([reads(), routers(page)]).toEqual([2, ["shop"]]);
});

test("a page that was stopped while it read its routes reads them when it goes on", async () => {
  const page = await openPage([]);
  page.rows = [routeRow("wiki")];
  tell(page.world, "routes", { chart: "main", generation: 2, all: true });
  page.live.stop();
  page.live.start();
  openStream(page);
  await settled();
  expect(routers(page)).toEqual(["wiki"]);
});

test("what happened before the page was opened is known, also where news comes first", async () => {
  const world = createFakeWorld();
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set(
    "v1/routes",
    pagesOf(() => []),
  );
  world.answers.set("v1/events", () => ({ events: [eventRow(1), eventRow(2)], last: 2, isComplete: true }));
  const live = createLive(world);
  live.start();
  world.streams.at(-1)?.opened();
  tell(world, "change", eventRow(3));
  await settled();
  expect(live.known().events.map(({ id }) => id)).toEqual([1, 2, 3]);
});

test("events are kept once each, the latest 500", async () => {
  const page = await openPage([]);
  for (let id = 1; id <= 600; id += 1) tell(page.world, "change", eventRow(id));
  tell(page.world, "change", eventRow(600));
  const ids = page.live.known().events.map(({ id }) => id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([500, 101, 600]);
});

test("a page whose daemon is gone says since when, shows what it has, and is live again after a restart", async () => {
  const page = await openPage([routeRow("shop")]);
  tell(page.world, "change", eventRow(7));
  const heardMs = page.world.nowMs();
  await page.world.pass(1_000);
  end(page);
  const sinceMs = page.world.nowMs();
  await page.world.pass(20_000);
  expect(page.live.known().connection).toEqual({ kind: "away", sinceMs, heardMs });
  expect(routers(page)).toEqual(["shop"]);

  // Streams that are tried meanwhile end, as a browser says it.
  for (let turn = 0; turn < 3; turn += 1) {
    page.world.streams.at(-1)?.ended();
    await page.world.pass(10_000);
  }
  page.world.answers.set("v1/status", () => statusAnswer());
  page.world.answers.set("v1/events", () => ({ events: [eventRow(8)], last: 8, isComplete: false }));
  page.world.answers.set(
    "v1/routes",
    pagesOf(() => [routeRow("wiki")]),
  );
  expect(page.world.streams.at(-1)?.path).toBe("v1/events?after=7");
  openStream(page);
  await settled();
  expect(page.live.known().connection).toEqual({ kind: "live" });
  expect(routers(page)).toEqual(["wiki"]);
});

test("there is one stream at a time, whatever happens", async () => {
  const page = await openPage([routeRow("shop")]);
  for (let turn = 0; turn < 20; turn += 1) {
    page.world.streams.at(-1)?.ended();
    await page.world.pass(turn * 500);
    expect(page.world.streams.length).toBeLessThanOrEqual(1);
  }
});

test("where the stream is refused the daemon is asked again and again, and the stream tried now and then", async () => {
  const page = await openPage([routeRow("shop")]);
  for (let turn = 0; turn < 40; turn += 1) {
    page.world.streams.at(-1)?.ended();
    await page.world.pass(500);
  }
  expect(page.live.known().connection).toEqual({ kind: "polling" });
  page.rows = [routeRow("wiki")];
  page.world.answers.set("v1/status", () =>
    statusAnswer({ chart: { generation: 2, hash: "bb", states: {} } as never }),
  );
  await page.world.pass(2_500);
  expect(routers(page)).toEqual(["wiki"]);
  // Nothing is read again that has not changed.
  const before = page.world.reads.filter((path) => path.startsWith("v1/routes")).length;
  await page.world.pass(5_000);
  expect(page.world.reads.filter((path) => path.startsWith("v1/routes"))).toHaveLength(before);
  await page.world.pass(30_000);
  expect(page.world.streams).toHaveLength(1);
});

test("a stream that is held back on the way, and opens without a word, is no stream", async () => {
  const world = createFakeWorld();
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set(
    "v1/routes",
    pagesOf(() => []),
  );
  world.answers.set("v1/events", () => ({ events: [], last: 0, isComplete: true }));
  const live = createLive(world);
  live.start();
  world.streams.at(-1)?.opened();
  await world.pass(5_100);
  expect(live.known().connection).toEqual({ kind: "polling" });
});

test("a daemon whose machine has gone without a word is missed after half a minute of silence", async () => {
  const page = await openPage([routeRow("shop")]);
  await page.world.pass(25_000);
  expect(page.live.known().connection.kind).toBe("live");
  page.world.answers.clear();
  await page.world.pass(10_000);
  expect(page.live.known().connection.kind).toBe("away");
});

test("a list is read while a view shows it, and again after a change, not at each of many", async () => {
  const page = await openPage([]);
  const reads = () => page.world.reads.filter((path) => path === "v1/holds").length;
  page.world.answers.set("v1/holds", () => ({ holds: [] }));
  await page.world.pass(5_000);
  expect(reads()).toBe(0);
  const unwant = page.live.want("holds");
  await page.world.pass(10);
  expect(page.live.known().lists.holds.answer).toEqual({ holds: [] });
  for (let id = 1; id <= 50; id += 1) tell(page.world, "change", eventRow(id));
  await page.world.pass(2_000);
  expect(reads()).toBe(2);
  unwant();
  tell(page.world, "change", eventRow(51));
  await page.world.pass(60_000);
  expect(reads()).toBe(2);
});

test("a list that cannot be read says why, and keeps what it had", async () => {
  const page = await openPage([]);
  page.world.answers.set("v1/holds", () => ({ holds: [] }));
  page.live.want("holds");
  await page.world.pass(10);
  page.world.answers.set("v1/holds", () => {
    throw new ReadError("refused", "not now");
  });
  tell(page.world, "change", eventRow(1));
  await page.world.pass(2_000);
  expect(page.live.known().lists.holds).toMatchObject({ answer: { holds: [] }, error: "not now" });
});

test("a daemon of another version is told, since its answers may have another form", async () => {
  const page = await openPage([]);
  page.world.answers.set("v1/status", () => {
    throw new ReadError("changed", "another version");
  });
  page.world.streams.at(-1)?.ended();
  await page.world.pass(100);
  expect(page.live.known().isOutdated).toBe(true);
});

test("a page that is left asks for nothing more", async () => {
  const page = await openPage([routeRow("shop")]);
  page.live.want("holds");
  page.live.stop();
  const { length } = page.world.reads;
  await page.world.pass(120_000);
  expect(page.world.reads).toHaveLength(length);
  expect(page.world.streams).toEqual([]);
});
