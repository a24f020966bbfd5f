import { describe, expect, test } from "vitest";
import { ROUTES } from "../../../src/api/resources/routes.ts";
import { routesView } from "../../../src/observe/status/routes-view.ts";
import { instance } from "../../builders/world.ts";
import { settle } from "../../fakes/fake-clock.ts";
import { collectGarbage } from "../../support/garbage.ts";
import { createSite, openStream, type Told } from "./site.ts";

function web(name: string, port = 24_001) {
  const tags = ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`];
  return instance({ service: name, id: `${name}-${port}`, port, tags });
}

function eventsOf(told: readonly Told[]): readonly string[] {
  return told.map(({ event }) => event);
}

function rowsIn(told: readonly Told[]) {
  return told
    .filter(({ event }) => event === "routes")
    .map(({ data }) => ({
      ...data,
      rows: (data["rows"] as { router: string }[] | undefined)?.map((row) => row.router),
    }));
}

test("streams are counted while they are open", () => {
  const { site } = createSite();
  expect(site.feed.streams()).toBe(0);
  openStream(site.feed);
  openStream(site.feed);
  site.feed.leave();
  expect(site.feed.streams()).toBe(1);
  site.feed.close();
});

describe("a stream", () => {
  test("begins with the status, and with the place at which it is resumed", async () => {
    const { site, events } = createSite();
    const { start, begin } = openStream(site.feed);
    expect(eventsOf(start)).toEqual(["status"]);
    expect(start[0]?.data).toMatchObject({ version: "1", ready: true });
    expect(begin).toContain(`\nid: ${events.after(0).last}\n`);
    site.feed.close();
  });

  test("whose rows cannot be told has missed them, is told so, and goes on", async () => {
    const { site, publish } = createSite();
    await publish(web("a"));
    const stream = openStream(site.feed);
    await settle();
    stream.read();
    site.breaks = new Error("a row that cannot be made");
    await publish(web("b"));
    expect(eventsOf(stream.read()).at(-1)).toBe("missed");
    expect(new Set(site.failures)).toEqual(new Set([site.breaks]));
    site.breaks = undefined;
    await publish(web("b"));
    await publish(web("b"), web("c"));
    expect(rowsIn(stream.read())).toMatchObject([{ rows: ["c"] }]);
    site.feed.close();
  });

  test("is not opened, and not counted, where the status cannot be told", () => {
    const { site } = createSite();
    site.breaks = new Error("a status that cannot be made");
    expect(() => openStream(site.feed)).toThrow("a status that cannot be made");
    expect(site.feed.streams()).toBe(0);
  });

  test("is told the status again after one that could not be told", async () => {
    const { site, clock } = createSite();
    const stream = openStream(site.feed);
    await settle();
    site.breaks = new Error("a status that cannot be made");
    await clock.advance(500);
    site.breaks = undefined;
    site.isReady = false;
    await clock.advance(500);
    expect(stream.read()).toMatchObject([{ event: "status", data: { ready: false } }]);
    expect(site.failures).toHaveLength(1);
    site.feed.close();
  });

  test("is told the events and the rows that a publication changes, and what has gone, with growing ids", async () => {
    const { site, publish, keeper } = createSite();
    await publish(web("a"), web("b"));
    const stream = openStream(site.feed);
    await settle();
    await publish(web("a", 24_005), web("b"), web("c"));
    const told = stream.read();
    expect(rowsIn(told)).toEqual([{ chart: "main", generation: 2, rows: ["a", "c"], gone: [] }]);
    expect(eventsOf(told).filter((event) => event === "change").length).toBeGreaterThan(0);
    // As the list has them.
    const { routes } = routesView([{ name: "main", status: keeper.current() }], ROUTES.query.parse({}));
    const { rows } = told.find(({ event }) => event === "routes")?.data ?? {};
    expect(rows).toEqual(routes.filter(({ router }) => router !== "b"));
    await publish(web("a", 24_005), web("b"));
    const gone = stream.read();
    const ids = [...told, ...gone].flatMap(({ id }) => id ?? []);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    site.feed.close();
  });

  test("is told no row by a pass that changes none, however often it is made", async () => {
    const { site, publish } = createSite();
    await publish(web("a"), web("b"));
    const stream = openStream(site.feed);
    await settle();
    for (let pass = 0; pass < 3; pass += 1) await publish(web("a"), web("b"));
    expect(rowsIn(stream.read())).toEqual([]);
    site.feed.close();
  });

  test("is told the row of an instance whose health is another one, which changes no chart", async () => {
    const { site, publish } = createSite();
    await publish(web("a"));
    const stream = openStream(site.feed);
    await settle();
    await publish({ ...web("a"), checks: [{ id: "c", name: "c", status: "warning" }] });
    const told = stream.read().filter(({ event }) => event === "routes");
    expect(told).toMatchObject([{ data: { rows: [{ instances: [{ health: "warning" }] }] } }]);
    site.feed.close();
  });

  test("is told to read the list again where very many rows have changed", async () => {
    const { site, publish } = createSite();
    const all = Array.from({ length: 600 }, (_, at) => web(`s${at}`, 24_001 + at));
    const stream = openStream(site.feed);
    await settle();
    await publish(...all);
    expect(rowsIn(stream.read())).toEqual([{ chart: "main", generation: 1, all: true }]);
    site.feed.close();
  });

  test("is told the status when it says something else, at most twice a second, and for its ages now and then", async () => {
    const { site, clock } = createSite();
    const stream = openStream(site.feed);
    await clock.advance(10_000);
    expect(stream.read()).toEqual([]);
    site.isReady = false;
    await clock.advance(500);
    expect(stream.read()).toMatchObject([{ event: "status", id: undefined, data: { ready: false } }]);
    await clock.advance(14_000);
    expect(stream.read()).toEqual([]);
    await clock.advance(2_000);
    expect(stream.read()).toMatchObject([{ event: "status" }]);
    site.feed.close();
  });

  test("holds no more frames than are allowed: what is behind them is cut off", async () => {
    const { site, publish } = createSite();
    await publish(web("a"));
    const slow = openStream(site.feed);
    await settle();
    const many = Array.from({ length: 400 }, (_, at) => web(`s${at}`, 24_001 + at));
    for (let turn = 0; turn < 8 && !slow.isCutOff(); turn += 1) {
      await publish(web("a"), ...many.map((one, at) => ({ ...one, port: 24_500 + at + turn })));
    }
    expect(slow.isCutOff()).toBe(true);
    site.feed.close();
  });
});

describe("a stream that is resumed", () => {
  test("is told what it lacks, and nothing twice", async () => {
    const { site, publish } = createSite();
    await publish(web("a"));
    const other = openStream(site.feed);
    const first = openStream(site.feed);
    await settle();
    await publish(web("a"), web("b"));
    const before = first.read();
    const last = before.at(-1)?.id;
    site.feed.leave();
    await publish(web("a"), web("b"), web("c"));
    const again = openStream(site.feed, last);
    // A client whose stream ends before anything has come resumes it at the same place.
    expect(again.begin).toContain(`\nid: ${last}\n`);
    expect([eventsOf(again.start), rowsIn(again.read())]).toEqual([
      ["status"],
      [{ chart: "main", generation: 3, rows: ["c"], gone: [] }],
    ]);
    expect(rowsIn(other.read())).toHaveLength(2);
    site.feed.close();
  });

  test("has missed nothing where nothing has happened while none was open", async () => {
    const { site, publish } = createSite();
    await publish(web("a"));
    const first = openStream(site.feed);
    await settle();
    await publish(web("b"));
    const last = first.read().at(-1)?.id;
    site.feed.leave();
    expect(eventsOf(openStream(site.feed, last).start)).toEqual(["status"]);
    site.feed.close();
  });

  test("has missed something where a publication came while none was open", async () => {
    const { site, publish, events } = createSite();
    await publish(web("a"));
    openStream(site.feed);
    await settle();
    const { last } = events.after(0);
    site.feed.leave();
    await publish(web("b"));
    expect(eventsOf(openStream(site.feed, last).start)).toEqual(["missed", "status"]);
    site.feed.close();
  });

  test("has missed something over a restart, and where its id is none of this daemon's", async () => {
    const before = createSite();
    await before.publish(web("a"));
    openStream(before.site.feed);
    const { last } = before.events.after(0);
    before.site.feed.close();
    const after = createSite(before.clock.nowMs() + 60_000);
    for (const id of [last, last + 1_000_000_000, 1]) {
      expect(eventsOf(openStream(after.site.feed, id).start)).toEqual(["missed", "status"]);
    }
    expect(after.events.after(0).last).toBeGreaterThan(last);
    after.site.feed.close();
  });
});

describe("the work", () => {
  test("is done only while a stream is open, and once for all of them", async () => {
    const { site, publish } = createSite();
    for (const name of ["a", "b", "c"]) await publish(web(name));
    expect([site.steps, site.statusesMade]).toEqual([0, 0]);
    const streams = Array.from({ length: 200 }, () => openStream(site.feed));
    await settle();
    expect([site.steps, site.statusesMade]).toEqual([1, 1]);
    await publish(web("d"));
    expect(site.steps).toBe(2);
    for (const stream of streams) expect(rowsIn(stream.read())).toHaveLength(1);
    for (const _ of streams) site.feed.leave();
    await publish(web("e"));
    expect(site.steps).toBe(2);
  });

  test("begins only after the pass's own has ended", async () => {
    const { site, publish } = createSite();
    openStream(site.feed);
    await settle();
    const { steps } = site;
    const publishing = publish(web("a"));
    // Everything that the pass reports is reported by now.
    expect(site.steps).toBe(steps);
    await publishing;
    expect(site.steps).toBe(steps + 1);
    site.feed.close();
  });

  test("holds no chart once the last stream has ended", async () => {
    const { site, keeper, publish } = createSite();
    await publish(web("a"));
    openStream(site.feed);
    await settle();
    const told = new WeakRef(keeper.current());
    site.feed.leave();
    await publish(web("b"));
    await collectGarbage();
    expect(told.deref()).toBeUndefined();
  });
});
