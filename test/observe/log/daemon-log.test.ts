import { beforeEach, describe, expect, test } from "vitest";
import type { FullChartListener } from "../../../src/observe/fan-out.ts";
import { createDaemonLog } from "../../../src/observe/log/daemon-log.ts";
import { instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";
import { createRecordingLog, type RecordingLog } from "../../fakes/recording-log.ts";
import { BROKEN, CLOCK, charted, UNWRITTEN } from "../charted.ts";

let log: RecordingLog;
let listener: FullChartListener;

beforeEach(() => {
  log = createRecordingLog();
  listener = createDaemonLog({ log, edge: "main", output: "chart.yml", clock: CLOCK });
});

test("a pass logs each route and each diagnostic once, and then the file", () => {
  listener.charted(charted(pass([instance(), BROKEN])));
  expect(log.names).toEqual(["route.added", "diagnostic.found", "chart.published"]);
  expect(log.lines[1]).toContain("TAG_UNKNOWN_KEY broken (b on node-1");
  expect(log.lines[1]).toContain('write "rule" instead of "rul"');
});

test("a pass that changes nothing logs nothing", () => {
  const first = pass([instance(), BROKEN]);
  listener.charted(charted(first));
  log.clear();
  listener.charted(charted(pass([instance(), BROKEN], { previous: first.memory }), UNWRITTEN));
  expect(log.lines).toEqual([]);
});

describe("of several catalogs", () => {
  const dc1 = snapshot([instance()], { catalogName: "dc1" });

  test("routes, diagnostics, holds and what stands in bear the catalog's name", () => {
    const broken = snapshot([BROKEN], { catalogName: "dc2" });
    const decision = pass([], { snapshots: [dc1, broken] });
    listener.adopted({ routers: undefined, storedSnapshots: [{ ...broken, freshness: "stored" }] });
    listener.charted(charted(decision, { snapshots: [dc1, broken] }));
    listener.held({ kind: "blind", reason: "no leader", catalogName: "dc2", routers: ["http/routers/b"], sinceMs: 1 });
    listener.released({ kind: "blind", catalogName: "dc2", routers: ["http/routers/b"], sinceMs: 1 }, false);
    expect(log.lines).toEqual([
      expect.stringMatching(/^source\.stored: .* stands in until catalog dc2 answers$/),
      expect.stringMatching(/^route\.added: route web came: .* on dc1:node-1 /),
      expect.stringMatching(/^diagnostic\.found: TAG_UNKNOWN_KEY dc2:broken \(b on node-1/),
      expect.stringMatching(/^chart\.published/),
      expect.stringMatching(
        /^chart\.held: 1 router is held .* \(b\): catalog dc2 does not tell all it knows any more: no leader; until it does again$/,
      ),
      "chart.released: the hold of 1 router (dc2: blind) has ended",
    ]);
    expect(log.events[0]?.data).toEqual({ catalog: "dc2", instances: 1, ageMs: 0 });
    expect(log.events.at(-2)?.data).toEqual({ catalog: "dc2", kind: "blind", routers: ["b"], count: 1 });
    expect(log.events.at(-1)?.data).toEqual({ catalog: "dc2", kind: "blind" });
  });

  test("a chart without one of them is logged once", () => {
    const dc2 = snapshot([], { catalogName: "dc2", freshness: "unread" });
    const decision = pass([], { snapshots: [dc1, dc2] });
    listener.charted(charted(decision, { snapshots: [dc1, dc2] }));
    listener.charted(charted(decision, { snapshots: [dc1, dc2], ...UNWRITTEN }));
    expect(log.lines.filter((line) => line.startsWith("chart.partial"))).toEqual([
      "chart.partial: chart.yml is charted without dc2, of which nothing has been read yet and no last good snapshot is kept",
    ]);
    expect(log.events.find(({ event }) => event === "chart.partial")?.data).toEqual({ catalogs: ["dc2"] });
  });
});

test("the lines of another edge bear its name", () => {
  const other = createDaemonLog({ log, edge: "public", output: "public.yml", clock: CLOCK });
  other.charted(charted(pass([instance()])));
  expect(log.lines[0]).toMatch(/^route\.added: public: route web came/);
  expect(log.events[0]?.data).toMatchObject({ edge: "public", router: "web" });
});

test("a chart that an earlier run left is logged with its routers", () => {
  listener.adopted({ routers: 3, storedSnapshots: [] });
  expect(log.events).toEqual([
    {
      event: "chart.adopted",
      message: "chart.yml holds 3 routers of an earlier run, which stay until the catalog says more",
      data: { routers: 3 },
    },
  ]);
});

test("a rollback and its end are logged with the version", () => {
  listener.rolledBack({ number: 3, sinceMs: NOW_MS });
  listener.rollbackEnded(3);
  expect(log.lines).toEqual([
    "chart.rolled-back: chart.yml is version 3 again since 1970-01-01T00:16:40.000Z, by hand; the catalog's news is not published until portolan release",
    "chart.released: the rollback of chart.yml to version 3 was ended by hand",
  ]);
  expect(log.events.map(({ data }) => data)).toEqual([
    { version: 3, since: "1970-01-01T00:16:40.000Z" },
    { kind: "rollback", version: 3, by: "hand" },
  ]);
});
