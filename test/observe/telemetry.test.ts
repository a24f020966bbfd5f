import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import type { Decision } from "../../src/core/decision.ts";
import { assembleOperatorConfig } from "../../src/core/operator-config/assemble.ts";
import { NO_OPERATOR_CONFIG } from "../../src/core/operator-config/operator-config.ts";
import type { EventLog } from "../../src/observe/event-log.ts";
import { createMetrics, type Metrics } from "../../src/observe/metrics.ts";
import { createTelemetry, type Telemetry } from "../../src/observe/telemetry.ts";
import { instance, NOW_MS, pass, snapshot } from "../builders/world.ts";

const BROKEN = instance({ service: "broken", id: "b", tags: ["traefik.enable=true", "traefik.http.routers.b.rul=x"] });

let events: string[];
let metrics: Metrics;
let telemetry: Telemetry;

beforeEach(() => {
  events = [];
  metrics = createMetrics();
  const log: EventLog = {
    emit: (event, message) => events.push(`${event}: ${message}`),
    setLevel: () => undefined,
  };
  const clock = { nowMs: () => NOW_MS, sleep: () => Promise.resolve() };
  telemetry = createTelemetry({
    log,
    metrics,
    edge: "main",
    source: "consul",
    clock,
    version: "1.2.3",
    output: "chart.yml",
  });
});

function charted(decision: Decision, didWrite = true): void {
  telemetry.charted({ decision, snapshots: [snapshot([])], published: { didWrite }, lagMs: 12 });
}

async function metric(name: string): Promise<string | undefined> {
  return (await metrics.text()).split("\n").find((line) => line.startsWith(name) && !line.startsWith("#"));
}

function names(): readonly string[] {
  return events.map((event) => event.replace(/: .*/, ""));
}

test("a pass tells each route and each diagnostic once, and then the file", () => {
  charted(pass([instance(), BROKEN]));
  expect(names()).toEqual(["route.added", "diagnostic.found", "chart.published"]);
  expect(events[1]).toContain("TAG_UNKNOWN_KEY broken (b on node-1");
  expect(events[1]).toContain('write "rule" instead of "rul"');
});

test("a pass that changes nothing tells nothing", () => {
  const first = pass([instance(), BROKEN]);
  charted(first);
  events = [];
  charted(pass([instance(), BROKEN], { previous: first.memory }), false);
  expect(events).toEqual([]);
});

test("what is wrong with the operator's own file is told by its name, and quarantines nobody", async () => {
  const { operatorConfig } = assembleOperatorConfig(
    {
      settings: { origin: "settings", config: NO_OPERATOR_CONFIG.config },
      files: [{ name: "a.yml", content: { http: 1 } }],
      lastGood: new Map(),
    },
    { version: "3.6", entryPoints: [] },
  );
  const first = pass([instance()], { operatorConfig });
  charted(first);
  expect(events).toContainEqual(
    expect.stringMatching(/^diagnostic\.found: SNIPPET_REFUSED a\.yml: http: found a number;/),
  );
  expect(await metric("portolan_instances_quarantined")).toMatch(/ 0$/);
  charted(pass([instance()], { previous: first.memory }), false);
  expect(events.at(-1)).toBe("diagnostic.cleared: SNIPPET_REFUSED is settled for a.yml");
});

test("a settled diagnostic is told", () => {
  const first = pass([instance(), BROKEN]);
  charted(first);
  events = [];
  charted(pass([instance()], { previous: first.memory }), false);
  expect(events).toEqual(["diagnostic.cleared: TAG_UNKNOWN_KEY is settled for broken (b)"]);
});

describe("a flood of diagnostics", () => {
  const flood = (service: string, count: number) =>
    Array.from({ length: count }, (_, position) => ({ ...BROKEN, service, id: `${service}-${position}` }));
  const said = (event: string) => events.filter((line) => line.startsWith(`${event}: `));

  test("of one service leaves what others have to be told", () => {
    charted(pass([...flood("a-flood", 5_000), BROKEN]));
    expect(said("diagnostic.found")).toHaveLength(51);
    expect(said("diagnostic.found").at(-1)).toContain("TAG_UNKNOWN_KEY broken (b on node-1");
    expect(said("diagnostic.untold")).toEqual([
      "diagnostic.untold: 4950 more diagnostics are neither logged nor in the status; correct those that are",
    ]);
    expect(telemetry.standing()).toMatchObject({ untoldDiagnostics: 4_950 });
    expect(telemetry.standing().diagnostics).toHaveLength(51);
  });

  test("of many services ends, too, and every quarantined instance is counted all the same", async () => {
    charted(pass(Array.from({ length: 40 }, (_, position) => flood(`s${position}`, 60)).flat()));
    expect(said("diagnostic.found")).toHaveLength(1_000);
    expect(telemetry.standing()).toMatchObject({ untoldDiagnostics: 1_400 });
    expect(await metric("portolan_instances_quarantined")).toMatch(/ 2400$/);
  });

  test("is told again when it has doubled, not whenever its number changes", () => {
    for (const count of [60, 61, 65, 70, 71, 50, 51]) charted(pass(flood("a-flood", count)));
    expect(said("diagnostic.untold").map((line) => /\d+/.exec(line)?.[0])).toEqual(["10", "20", "1"]);
  });

  test("adds no label to the metrics", async () => {
    charted(pass([BROKEN]));
    const before = (await metrics.text()).split("\n").filter((line) => line.startsWith("portolan_"));
    charted(pass(flood("a-flood", 5_000)));
    const after = (await metrics.text()).split("\n").filter((line) => line.startsWith("portolan_"));
    expect(after).toHaveLength(before.length);
  });
});

test("an empty chart is loud", () => {
  charted(pass([]));
  expect(names()).toEqual(["chart.published", "chart.empty"]);
});

describe("metrics", () => {
  test("count the chart and the quarantined instances", async () => {
    const twice = { ...BROKEN, id: "c", tags: [...BROKEN.tags, "traefik.http.routers.b.priority=x"] };
    charted(pass([instance(), BROKEN, twice]));
    expect(await metric("portolan_chart_routers{")).toBe('portolan_chart_routers{edge="main"} 1');
    expect(await metric("portolan_instances_quarantined")).toBe('portolan_instances_quarantined{edge="main"} 2');
    expect(await metric("portolan_chart_generation")).toBe('portolan_chart_generation{edge="main"} 1');
    expect(await metric("portolan_chart_lag_seconds_sum")).toBe('portolan_chart_lag_seconds_sum{edge="main"} 0.012');
  });

  test("a pass without a write is no generation, and equal bytes have one hash", async () => {
    const first = pass([instance()]);
    charted(first);
    const hash = await metric("portolan_chart_info");
    charted(pass([instance()], { previous: first.memory }), false);
    expect(await metric("portolan_chart_generation")).toBe('portolan_chart_generation{edge="main"} 1');
    expect(await metric("portolan_chart_info")).toBe(hash);
  });
});

describe("a file that cannot be written", () => {
  const full = new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true });

  test("is told once for each reason, and counted each time", async () => {
    telemetry.unwritable(full, 1_000);
    telemetry.unwritable(full, 2_000);
    expect(names()).toEqual(["chart.unwritable"]);
    expect(await metric("portolan_chart_write_errors_total")).toBe('portolan_chart_write_errors_total{edge="main"} 2');
    expect(telemetry.standing().writeError).toEqual({ code: "E_OUTPUT_NO_SPACE", message: "the disk is full" });
  });

  test("is told when it can be written again", () => {
    telemetry.unwritable(full, 1_000);
    charted(pass([instance()]));
    expect(names()).toContain("chart.writable");
    expect(telemetry.standing().writeError).toBeUndefined();
  });
});

test("a hold tells how many, why, and that a person has ended it", () => {
  const hold = {
    kind: "catalog-reset",
    routers: ["http/routers/web"],
    sinceMs: NOW_MS,
    endsAtMs: NOW_MS + 300_000,
  } as const;
  telemetry.held(hold);
  telemetry.released(hold, true);
  expect(events[0]).toMatch(/^chart\.held: 1 router held with the servers they had: the catalog's index fell back/);
  expect(names()).toEqual(["chart.held", "chart.released"]);
  expect(events[1]).toBe("chart.released: the hold of 1 router (catalog-reset) was ended by hand");
});

describe("of several catalogs", () => {
  const dc1 = snapshot([instance()], { catalogName: "dc1" });
  const dc2 = snapshot([], { catalogName: "dc2", freshness: "unread" });

  test("routes, diagnostics, holds and what stands in bear the catalog's name", () => {
    const broken = snapshot([BROKEN], { catalogName: "dc2" });
    const decision = pass([], { snapshots: [dc1, broken] });
    telemetry.adopted({ routers: undefined, storedSnapshots: [{ ...broken, freshness: "stored" }] });
    telemetry.charted({ decision, snapshots: [dc1, broken], published: { didWrite: true }, lagMs: 12 });
    telemetry.held({ kind: "blind", reason: "no leader", catalogName: "dc2", routers: ["http/routers/b"], sinceMs: 1 });
    telemetry.released({ kind: "blind", catalogName: "dc2", routers: ["http/routers/b"], sinceMs: 1 }, false);
    expect(events).toEqual([
      expect.stringMatching(/^source\.stored: .* stands in until catalog dc2 answers$/),
      expect.stringMatching(/^route\.added: route web came: .* on dc1:node-1 /),
      expect.stringMatching(/^diagnostic\.found: TAG_UNKNOWN_KEY dc2:broken \(b on node-1/),
      expect.stringMatching(/^chart\.published/),
      expect.stringMatching(
        /^chart\.held: 1 router held .*: catalog dc2 does not tell all it knows any more: no leader$/,
      ),
      "chart.released: the hold of 1 router (dc2: blind) has ended",
    ]);
  });

  test("a chart without one of them is told once", () => {
    const decision = pass([], { snapshots: [dc1, dc2] });
    telemetry.charted({ decision, snapshots: [dc1, dc2], published: { didWrite: true }, lagMs: 12 });
    telemetry.charted({ decision, snapshots: [dc1, dc2], published: { didWrite: false }, lagMs: 12 });
    expect(events.filter((event) => event.startsWith("chart.partial"))).toEqual([
      "chart.partial: chart.yml is charted without dc2, of which nothing has been read yet and no last good slice is kept",
    ]);
  });

  test("the held routers are counted for each", async () => {
    const before = pass([], {
      snapshots: [dc1, snapshot([instance({ service: "x", id: "x" })], { catalogName: "dc2" })],
    });
    const decision = pass([], { snapshots: [dc1, dc2], previous: before.memory });
    telemetry.charted({ decision, snapshots: [dc1, dc2], published: { didWrite: true }, lagMs: 12 });
    const lines = (await metrics.text()).split("\n");
    expect(lines).toContain('portolan_source_routers_held{source="dc1",edge="main"} 0');
    expect(lines).toContain('portolan_source_routers_held{source="dc2",edge="main"} 1');
    expect(lines).toContain('portolan_chart_routers_held{edge="main"} 1');
  });
});

test("another edge's lines and figures bear its name", async () => {
  const told: [string, unknown][] = [];
  const log: EventLog = { emit: (_, message, data) => told.push([message, data?.["edge"]]), setLevel: () => undefined };
  const clock = { nowMs: () => NOW_MS, sleep: () => Promise.resolve() };
  const other = createTelemetry({
    log,
    metrics,
    edge: "public",
    source: "consul",
    clock,
    version: "1.2.3",
    output: "public.yml",
  });
  other.charted({ decision: pass([instance()]), snapshots: [snapshot([])], published: { didWrite: true }, lagMs: 12 });
  expect(told[0]).toEqual([expect.stringMatching(/^public: route web came/), "public"]);
  expect((await metrics.text()).split("\n")).toContain('portolan_chart_routers{edge="public"} 1');
});

test("a state that cannot be saved is told once, and again when it had been saved in between", () => {
  const decision = pass([instance()]);
  const full = new AppError("cannot write last-good.json: ENOSPC", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  for (let tries = 0; tries < 3; tries += 1) {
    telemetry.stateUnsaved(full);
    telemetry.unwritable(full, 1_000);
  }
  telemetry.stateUnsaved(full);
  charted(decision);
  telemetry.stateUnsaved(full);
  charted(decision, false);
  expect(names().filter((name) => name === "state.unsaved")).toHaveLength(1);
  charted(decision, false);
  telemetry.stateUnsaved(full);
  expect(names().filter((name) => name === "state.unsaved")).toHaveLength(2);
});

test("what others did to the file is told when it is right again", () => {
  const decision = pass([instance()]);
  charted(decision);
  events.length = 0;
  telemetry.charted({
    decision,
    snapshots: [snapshot([])],
    published: { didWrite: true, externalChange: "deleted" },
    lagMs: 1,
  });
  telemetry.charted({
    decision,
    snapshots: [snapshot([])],
    published: { didWrite: true, isUnwatched: true },
    lagMs: 1,
  });
  expect(events).toContain("chart.repaired: chart.yml had been deleted by somebody else and is right again");
  expect(events).toContainEqual(
    expect.stringMatching(/^chart\.unwatched: the directory of chart\.yml was replaced.* restart Traefik/),
  );
});

test("a portolan that stands by says for whom, is not ready, and says when it takes over", () => {
  telemetry.writesAlone();
  telemetry.standingBy("pid 7 on edge-1");
  expect(telemetry.standing().standbyFor).toBe("pid 7 on edge-1");
  telemetry.writesAlone();
  expect(telemetry.standing().standbyFor).toBeUndefined();
  expect(names()).toEqual(["chart.standby", "chart.taken-over"]);
  expect(events[0]).toContain("pid 7 on edge-1");
});
