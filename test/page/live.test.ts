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

/** As the daemon does it: a stream that begins anew is told its place, one that is resumed is told a status without one. */
function openStream({ world }: Page): void {
  const stream = world.streams.at(-1);
  if (stream === undefined) throw new Error("no stream is open");
  stream.opened();
  if (!stream.path.includes("after=")) stream.lastEventId = "7";
  tell(world, "status", statusAnswer());
}

/** @param id of the stream's place behind it, for what has one */
function tell(world: FakeWorld, event: string, data: unknown, id?: number): void {
  const stream = world.streams.at(-1);
  if (stream === undefined) throw new Error("no stream is open");
  if (id !== undefined) stream.lastEventId = String(id);
  stream.told(event, JSON.stringify(data), stream.lastEventId);
}

/** Lets time pass until the page tries to have its stream. */
async function streamTried({ world }: Page, withinMs: number): Promise<void> {
  for (let ms = 0; world.streams.length === 0; ms += 100) {
    if (ms >= withinMs) throw new Error(`no stream was tried in ${withinMs} ms`);
    await world.pass(100);
  }
}

/** How often a path was read, whatever its query. */
function readsOf({ world }: Page, path: string): number {
  return world.reads.filter((read) => read.split("?")[0] === path).length;
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

test("a page that rests again and again goes on where the stream was, although a status tells no place", async () => {
  const page = await openPage([routeRow("shop")]);
  tell(page.world, "change", eventRow(12), 12);
  for (let turn = 0; turn < 3; turn += 1) {
    page.live.stop();
    page.live.start();
    expect(page.world.streams.at(-1)?.path).toBe("v1/events?after=12");
    openStream(page);
    await settled();
  }
});

test("a page whose stream never told a place reads all once it has one", async () => {
  const page = await openPage([routeRow("shop")]);
  const world = createFakeWorld();
  const live = createLive(world);
  for (const [path, answer] of page.world.answers) world.answers.set(path, answer);
  live.start();
  world.streams.at(-1)?.ended();
  await settled();
  page.rows = [routeRow("wiki")];
  await world.pass(400);
  openStream({ ...page, world });
  await settled();
  expect(live.known().routes.rows.map(({ router }) => router)).toEqual(["wiki"]);
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
  expect(live.known().events.rows.map(({ id }) => id)).toEqual([1, 2, 3]);
});

test("events are kept once each, the latest 500", async () => {
  const page = await openPage([]);
  for (let id = 1; id <= 600; id += 1) tell(page.world, "change", eventRow(id));
  tell(page.world, "change", eventRow(600));
  const ids = page.live.known().events.rows.map(({ id }) => id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([500, 101, 600]);
});

test("a page whose daemon is gone says since when, shows what it has, and is live again after a restart", async () => {
  const page = await openPage([routeRow("shop")]);
  tell(page.world, "change", eventRow(7), 7);
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
  await streamTried(page, 10_000);
  page.world.answers.set("v1/status", () => statusAnswer());
  page.world.answers.set("v1/events", () => ({ events: [eventRow(8)], last: 8, isComplete: false }));
  page.world.answers.set(
    "v1/routes",
    pagesOf(() => [routeRow("wiki")]),
  );
  // All is read anew, once: that something was missed need not be told.
  expect(page.world.streams.at(-1)?.path).toBe("v1/events");
  const before = readsOf(page, "v1/routes");
  openStream(page);
  await settled();
  expect(page.live.known().connection).toEqual({ kind: "live" });
  expect(readsOf(page, "v1/routes") - before).toBe(1);
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
  await streamTried(page, 33_000);
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

test("a stream that is silent for half a minute is dead, also where the daemon answers", async () => {
  const page = await openPage([routeRow("shop")]);
  const [dead] = page.world.streams;
  await page.world.pass(31_000);
  expect(page.world.streams).toHaveLength(1);
  expect(page.world.streams[0]).not.toBe(dead);
  expect(page.world.streams[0]?.path).toBe("v1/events?after=7");
});

test("a stream that is never answered is no stream: the daemon is asked", async () => {
  const world = createFakeWorld();
  const page: Page = { world, live: createLive(world), rows: [routeRow("shop")] };
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set("v1/events", () => ({ events: [], last: 0, isComplete: true }));
  world.answers.set(
    "v1/routes",
    pagesOf(() => page.rows),
  );
  page.live.start();
  await world.pass(5_100);
  expect(page.live.known().connection).toEqual({ kind: "polling" });
  expect(routers(page)).toEqual(["shop"]);
  // A stream that is tried meanwhile, and hangs as well, ends the asking for seconds only.
  for (let turn = 0; turn < 30; turn += 1) {
    const before = readsOf(page, "v1/status");
    await world.pass(9_000);
    expect(readsOf(page, "v1/status")).toBeGreaterThan(before);
  }
});

test("a stream that is cut after its first word again and again has not everything read each time", async () => {
  const page = await openPage([routeRow("shop")]);
  for (let turn = 0; turn < 200; turn += 1) {
    if (page.world.streams.length > 0) {
      openStream(page);
      page.world.streams.at(-1)?.ended();
    }
    await page.world.pass(500);
  }
  // In 100 seconds.
  expect(readsOf(page, "v1/routes")).toBeLessThan(12);
});

test("what no status tells, as the health of an instance, is heard within seconds where there is no stream", async () => {
  const page = await openPage([routeRow("shop")]);
  for (let turn = 0; turn < 20; turn += 1) {
    page.world.streams.at(-1)?.ended();
    await page.world.pass(500);
  }
  page.rows = [routeRow("shop", { state: "held" })];
  await page.world.pass(17_000);
  expect(page.live.known().routes.rows[0]?.state).toBe("held");
});

test("a daemon that refuses its status for now is there, and is asked again", async () => {
  const page = await openPage([routeRow("shop")]);
  page.world.answers.set("v1/status", () => {
    throw new ReadError("refused", "too many requests are being answered already");
  });
  for (let turn = 0; turn < 20; turn += 1) {
    page.world.streams.at(-1)?.ended();
    await page.world.pass(500);
    expect(page.live.known().connection).toEqual({ kind: "polling" });
  }
  page.rows = [routeRow("wiki")];
  page.world.answers.set("v1/status", () =>
    statusAnswer({ chart: { generation: 2, hash: "bb", states: {} } as never }),
  );
  await page.world.pass(4_000);
  expect(routers(page)).toEqual(["wiki"]);
});

test("what was asked before the page rested changes nothing after it", async () => {
  const page = await openPage([routeRow("shop")]);
  page.world.streams.at(-1)?.ended();
  page.live.stop();
  page.live.start();
  openStream(page);
  await settled();
  expect(page.live.known().connection).toEqual({ kind: "live" });
  await page.world.pass(10_000);
  expect([page.world.streams.length, page.live.known().connection.kind]).toEqual([1, "live"]);
});

test("that what happened has not been read is known, and why; and it is read again", async () => {
  const world = createFakeWorld();
  const live = createLive(world);
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set(
    "v1/routes",
    pagesOf(() => []),
  );
  world.answers.set("v1/events", () => {
    throw new ReadError("refused", "not now");
  });
  live.start();
  expect(live.known().events).toEqual({ rows: [], isRead: false, error: undefined });
  openStream({ world, live, rows: [] });
  await settled();
  expect(live.known().events).toEqual({ rows: [], isRead: false, error: "not now" });
  tell(world, "change", eventRow(3), 3);
  world.answers.set("v1/events", (query) => ({
    events: [eventRow(1), eventRow(2), eventRow(3)].filter(({ id }) => id > Number(query.get("after"))),
    last: 3,
    isComplete: true,
  }));
  await world.pass(2_100);
  const { rows, isRead, error } = live.known().events;
  expect([rows.map(({ id }) => id), isRead, error]).toEqual([[1, 2, 3], true, undefined]);
});

test("what was missed while it could not be read is read later, although what happened since is known", async () => {
  const page = await openPage([]);
  const all = [1, 2, 3, 4].map(eventRow);
  page.world.answers.set("v1/events", () => {
    throw new ReadError("refused", "not now");
  });
  tell(page.world, "change", eventRow(1), 1);
  tell(page.world, "missed", {}, 3);
  await settled();
  tell(page.world, "change", eventRow(4), 4);
  page.world.answers.set("v1/events", (query) => ({
    events: all.filter(({ id }) => id > Number(query.get("after"))),
    last: 4,
    isComplete: true,
  }));
  await page.world.pass(2_100);
  expect(page.live.known().events.rows.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

test("a page that was stopped while it read what happened reads it when it goes on", async () => {
  const world = createFakeWorld();
  const live = createLive(world);
  const page = { world, live, rows: [] };
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set(
    "v1/routes",
    pagesOf(() => []),
  );
  world.answers.set("v1/events", () => ({ events: [eventRow(1)], last: 1, isComplete: true }));
  live.start();
  openStream(page);
  live.stop();
  await settled();
  live.start();
  openStream(page);
  await settled();
  expect(live.known().events).toMatchObject({ rows: [{ id: 1 }], isRead: true });
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
  expect(page.live.known().connection).toEqual({ kind: "outdated" });
});

test("a page whose daemon was replaced by another version asks for nothing more", async () => {
  const page = await openPage([routeRow("shop")]);
  page.live.want("holds");
  page.world.answers.set("v1/routes", () => {
    throw new ReadError("changed", "another version");
  });
  tell(page.world, "missed", {});
  await settled();
  expect(page.live.known().connection).toEqual({ kind: "outdated" });
  page.live.start();
  const { length } = page.world.reads;
  page.live.want("ports");
  await page.world.pass(120_000);
  expect([page.world.streams, page.world.reads.length]).toEqual([[], length]);
});

test("a list that is refused is not asked for again at each of many changes", async () => {
  const page = await openPage([]);
  page.world.answers.set("v1/ports", () => {
    throw new ReadError("refused", "not now");
  });
  page.live.want("ports");
  for (let id = 1; id <= 100; id += 1) {
    tell(page.world, "change", eventRow(id), id);
    await page.world.pass(100);
  }
  // In ten seconds, at most each five.
  expect(readsOf(page, "v1/ports")).toBeLessThanOrEqual(3);
});

test("an answer that a view follows is asked for again while changes come without end, one at a time", async () => {
  const page = await openPage([]);
  const answered: unknown[] = [];
  const failed: string[] = [];
  let asked = 0;
  page.world.answers.set("v1/explain", () => {
    asked += 1;
    return { asked };
  });
  const follower = {
    answered: (answer: unknown) => answered.push(answer),
    failed: (error: string) => failed.push(error),
  };
  const leave = page.live.follow("v1/explain?about=shop", 1_000, follower);
  for (let id = 1; id <= 50; id += 1) {
    tell(page.world, "change", eventRow(id), id);
    await page.world.pass(100);
  }
  expect(answered.length).toBeGreaterThanOrEqual(5);
  expect(answered.length).toBeLessThanOrEqual(6);
  page.world.answers.set("v1/explain", () => {
    throw new ReadError("refused", "no");
  });
  tell(page.world, "change", eventRow(51), 51);
  await page.world.pass(2_000);
  expect(failed).toEqual(["no"]);
  leave();
  const { length } = page.world.reads;
  tell(page.world, "change", eventRow(52), 52);
  await page.world.pass(60_000);
  expect(page.world.reads.slice(length).filter((path) => path.startsWith("v1/explain"))).toEqual([]);
});

test("of a page that is not looked at the stream goes on, and no list is read", async () => {
  const page = await openPage([]);
  page.world.answers.set("v1/holds", () => ({ holds: [] }));
  page.live.want("holds");
  page.live.follow("v1/explain?about=shop", 1_000, { answered: () => {}, failed: () => {} });
  await page.world.pass(2_000);
  page.live.lookAway();
  const before = page.world.reads.length;
  for (let id = 1; id <= 20; id += 1) {
    tell(page.world, "change", eventRow(id), id);
    await page.world.pass(1_000);
  }
  expect([page.world.reads.length, page.live.known().connection.kind]).toEqual([before, "live"]);
  page.live.start();
  await page.world.pass(10);
  expect(page.world.reads.slice(before).toSorted()).toEqual(["v1/explain?about=shop", "v1/holds"]);
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
