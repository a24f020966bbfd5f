import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, test } from "vitest";
import { EVENTS } from "../../../src/api/resources/events.ts";
import { createChartEvents } from "../../../src/observe/status/chart-events.ts";
import { eventsView } from "../../../src/observe/status/events-view.ts";
import { createRecentEvents, type RecentEvents } from "../../../src/observe/status/recent-events.ts";
import { instance, NOW_MS, pass } from "../../builders/world.ts";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { until } from "../../support/await-until.ts";
import { BROKEN, charted, UNWRITTEN } from "../charted.ts";
import { diagnosticAbout, traefikReport } from "../traefik-reports.ts";

let clock: FakeClock;
let recent: RecentEvents;

beforeEach(() => {
  clock = createFakeClock(NOW_MS);
  recent = createRecentEvents({ startedAtMs: NOW_MS, most: 5, mostWaiting: 2, sleep: clock.sleep });
});

async function asked(query: Readonly<Record<string, string>> = {}) {
  const answer = await eventsView(recent, EVENTS.query.parse(query), clock.nowMs);
  expect(EVENTS.answer.strict().parse(answer)).toEqual(answer);
  return answer;
}

function happens(count: number, chart = "main"): void {
  for (let number = 0; number < count; number++) {
    recent.add({ atMs: clock.nowMs(), chart, tell: () => ({ event: "chart.held", message: `${number}` }) });
  }
}

describe("a client that follows", () => {
  test("gets everything once, by the id behind which it asks", async () => {
    happens(3);
    const first = await asked();
    expect(first.events.map(({ message }) => message)).toEqual(["0", "1", "2"]);
    expect(await asked({ after: String(first.last) })).toEqual({ events: [], last: first.last, isComplete: true });
    happens(1);
    expect((await asked({ after: String(first.last) })).events).toHaveLength(1);
  });

  test("that comes late, or after a restart, gets to know that it missed something", async () => {
    happens(3);
    const { last } = await asked();
    happens(5);
    expect((await asked({ after: String(last) })).isComplete).toBe(true);
    happens(1);
    const late = await asked({ after: String(last) });
    expect([late.isComplete, late.events.length]).toEqual([false, 5]);
    expect((await asked({ after: String(NOW_MS - 5_000) })).isComplete).toBe(false);
    expect((await asked({ after: String(NOW_MS + 5_000_000) })).isComplete).toBe(false);
  });

  test("waits until something happens, and for no longer than it said", async () => {
    const { last } = await asked();
    const waiting = asked({ after: String(last), wait: "8" });
    await clock.advance(5_000);
    happens(1);
    expect((await waiting).events).toHaveLength(1);
    const inVain = asked({ after: String(last + 1), wait: "8" });
    await clock.advance(8_000);
    expect(await inVain).toEqual({ events: [], last: last + 1, isComplete: true });
    expect(clock.sleepingMs).toEqual([]);
  });

  test("waits on when what happens is another chart's", async () => {
    const { last } = await asked();
    const waiting = asked({ after: String(last), wait: "8", chart: "public" });
    happens(1);
    await clock.advance(1_000);
    happens(1, "public");
    expect((await waiting).events).toMatchObject([{ chart: "public" }]);
  });

  test("is refused where others wait already, and costs nothing while it waits", async () => {
    const { last } = await asked();
    const query = { after: String(last), wait: "8" };
    const waiting = [asked(query), asked(query)];
    await expect(asked(query)).rejects.toMatchObject({ code: "E_API_BUSY" });
    await clock.advance(8_000);
    await Promise.all(waiting);
  });
});

test("an event that is kept keeps nothing else of its pass", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const { charted: tell } = createChartEvents(recent, { chart: "main", output: "chart.yml", nowMs: clock.nowMs });
  const passed = () => {
    const report = charted(pass([instance({ tags: ["traefik.enable=true"] }), BROKEN]));
    tell?.(report);
    return new WeakRef(report);
  };
  const first = passed();
  const isCollected = () => {
    collect();
    return first.deref() === undefined;
  };
  await until(isCollected, { timeoutMs: 2_000, everyMs: 50, what: "the pass to be collected" });
  expect((await asked()).events.map(({ event }) => event)).toContain("route.added");
});

describe("what happens to routes", () => {
  const web = instance({
    tags: ["traefik.enable=true", "traefik.http.routers.web.rule=Host(`a.test`) && Header(`X-Key`, `s3cret`)"],
  });
  const api = instance({
    service: "api",
    id: "a",
    tags: ["traefik.enable=true", "traefik.http.routers.r.rule=Host(`b.test`)"],
  });

  async function told(query: Readonly<Record<string, string>> = {}) {
    return (await asked(query)).events.map(({ event, router }) => `${event} ${router}`);
  }

  beforeEach(() => {
    const events = createChartEvents(recent, { chart: "main", output: "chart.yml", nowMs: clock.nowMs });
    const first = pass([web, api]);
    events.charted?.(charted(first));
    const hold = { kind: "mass-removal", routers: ["http/routers/web"], sinceMs: NOW_MS } as const;
    events.held?.(hold);
    events.charted?.(charted(pass([web], { previous: first.memory, nowMs: NOW_MS + 1 })));
  });

  test("is told in the words of the log, without the secret that a rule demands", async () => {
    const { events } = await asked();
    expect(events.map(({ event, router, service }) => [event, router, service])).toEqual([
      ["route.added", "r", "api"],
      ["route.added", "web", "web"],
      ["chart.held", null, null],
      ["route.emptied", "r", "api"],
    ]);
    expect(events[1]?.message).toContain("route web came: Host(`a.test`) && Header(`X-Key`, `***`)");
    expect(JSON.stringify(events)).not.toContain("s3cret");
  });

  test.each([
    [{ host: "b.test" }, ["route.added r", "chart.held null", "route.emptied r"]],
    [{ service: "web" }, ["route.added web", "chart.held null"]],
    [{ router: "r" }, ["route.added r", "chart.held null", "route.emptied r"]],
    [{ chart: "public" }, []],
  ])("%j asks for %j", async (query, expected) => {
    expect(await told(query)).toEqual(expected);
  });
});

describe("what happens to a chart", () => {
  const web = instance({ tags: ["traefik.enable=true", "traefik.http.routers.web.rule=Host(`a.test`)"] });
  const events = () => createChartEvents(recent, { chart: "main", output: "chart.yml", nowMs: clock.nowMs });

  async function told() {
    return (await asked()).events.map(({ event, service, publication }) => [event, service, publication?.generation]);
  }

  test("bears the publication that it came with, and the hosts of its router", async () => {
    const chart = events();
    const first = charted(pass([web]));
    chart.charted?.(first);
    const publication = { generation: 1, hash: first.hash };
    expect((await asked()).events).toMatchObject([{ event: "route.added", hosts: ["a.test"], publication }]);
    const other = instance({ service: "other", id: "o", tags: ["traefik.enable=true"] });
    chart.charted?.(charted(pass([web, other], { previous: first.decision.memory }), UNWRITTEN));
    expect((await asked()).events.at(-1)).toMatchObject({ event: "route.added", service: "other", publication: null });
  });

  test("is told where it is published without a change of any router", async () => {
    const chart = events();
    const first = charted(pass([web]));
    chart.charted?.(first);
    chart.charted?.(charted(pass([web], { previous: first.decision.memory })));
    expect(await told()).toEqual([
      ["route.added", "web", 1],
      ["chart.published", null, 2],
    ]);
  });

  test("is told with what is wrong and what is settled, for whoever asks for the service", async () => {
    const chart = events();
    const broken = charted(pass([BROKEN]));
    chart.charted?.(broken);
    expect(await told()).toEqual([
      ["chart.published", null, 1],
      ["diagnostic.found", BROKEN.service, 1],
    ]);
    expect((await asked({ router: "web" })).events.map(({ event }) => event)).toEqual(["chart.published"]);
    expect((await asked({ service: BROKEN.service })).events.map(({ router }) => router)).toEqual([null, null]);
    chart.charted?.(charted(pass([web], { previous: broken.decision.memory })));
    expect((await told()).at(-1)).toEqual(["diagnostic.cleared", BROKEN.service, 2]);
  });

  test("is not driven out by a service with a hundred faults", async () => {
    recent = createRecentEvents({ startedAtMs: NOW_MS, sleep: clock.sleep });
    const faults = Array.from({ length: 100 }, (_, at) => ({ ...BROKEN, service: `s${at}`, id: `s${at}` }));
    events().charted?.(charted(pass([web, ...faults])));
    const found = (await asked()).events.filter(({ event }) => event.startsWith("diagnostic."));
    expect(found).toHaveLength(21);
    expect(found.at(-1)?.message).toBe("80 more diagnostics came or went: see portolan diagnostics");
  });

  test("of Traefik's own finding is told with how many more there are", async () => {
    recent = createRecentEvents({ startedAtMs: NOW_MS, sleep: clock.sleep });
    const diagnostics = Array.from({ length: 30 }, (_, at) => diagnosticAbout(`s${at}`));
    events().traefikRead?.(traefikReport({ diagnostics }));
    expect((await asked()).events.map(({ message }) => message).at(-1)).toMatch(
      /^10 more diagnostics by Traefik's API/,
    );
  });

  test("is not told the end of what is only worth knowing, of which it was not told the beginning", async () => {
    const chart = events();
    const noted = { ...diagnosticAbout("wiki"), severity: "info" } as const;
    chart.traefikRead?.(traefikReport({ diagnostics: [noted] }));
    chart.traefikRead?.(traefikReport());
    expect(await told()).toEqual([]);
  });

  test("is told where another process writes it, and where Traefik has disabled what is in it", async () => {
    const chart = events();
    chart.standingBy?.("pid 7 on edge-1");
    chart.writesAlone?.();
    chart.traefikRead?.(traefikReport({ diagnostics: [diagnosticAbout("wiki")] }));
    chart.traefikRead?.(traefikReport());
    expect(await told()).toEqual([
      ["chart.standby", null, undefined],
      ["chart.taken-over", null, undefined],
      ["diagnostic.found", "wiki", undefined],
      ["diagnostic.cleared", "wiki", undefined],
    ]);
  });
});

test.each([{ wait: "9" }, { wait: "x" }, { after: "-1" }, { limit: "501" }])("%j is refused", (query) => {
  expect(EVENTS.query.safeParse(query).success).toBe(false);
});
