import { describe, expect, test } from "vitest";
import { EVENTS } from "../../../src/observe/log/events.ts";
import { filterEvents } from "../../../src/page/timeline/event-filter.ts";
import { EVENT_KINDS, KIND_SIGNS, kindOf, toneOf } from "../../../src/page/timeline/event-kinds.ts";
import { kindCounts, minutesOf } from "../../../src/page/timeline/grouped-events.ts";
import { MOST_EVENTS, memoryEnd } from "../../../src/page/timeline/memory-end.ts";
import {
  historyCommand,
  isOldest,
  rollbackCommand,
  rollbackDiffCommand,
  versionState,
} from "../../../src/page/timeline/rollback-command.ts";
import { event, version } from "./event-rows.ts";

describe("what happened", () => {
  test("stands by minute and publication, the newest first", () => {
    const second = { generation: 2, hash: "ffff" };
    const events = [
      event({ at: "2026-11-30T12:00:10.000Z", router: "a" }),
      event({ at: "2026-11-30T12:00:10.001Z", router: "b" }),
      event({ at: "2026-11-30T12:00:40.000Z", router: null, event: "chart.held", publication: null }),
      event({ at: "2026-11-30T12:00:50.000Z", router: "c", publication: second }),
      event({ at: "2026-11-30T12:01:00.000Z", router: "d", publication: { generation: 3, hash: "eeee" } }),
    ];
    const minutes = minutesOf(events, []).map(({ startMs, groups }) => [
      new Date(startMs).toISOString(),
      groups.map(({ publication, events: own }) => [publication?.generation, own.map(({ router }) => router)]),
    ]);
    expect(minutes).toEqual([
      ["2026-11-30T12:01:00.000Z", [[3, ["d"]]]],
      [
        "2026-11-30T12:00:00.000Z",
        [
          [2, ["c"]],
          [undefined, [null]],
          [1, ["b", "a"]],
        ],
      ],
    ]);
  });

  test("of two charts is apart, though they count their publications alike", () => {
    const [minute] = minutesOf([event(), event({ chart: "public" })], []);
    expect(minute?.groups.map(({ chart }) => chart)).toEqual(["public", "main"]);
  });

  test("names the version of its own time where a chart came back to what it was", () => {
    const at = (minute: string) => `2026-11-30T12:${minute}.000Z`;
    const versions = [
      version({ number: 6, publishedAt: at("20:11") }),
      version({ number: 5, publishedAt: at("10:10"), hash: "ffff" }),
      version({ number: 4, publishedAt: at("00:10") }),
    ];
    expect(minutesOf([event({ at: at("00:10") })], versions)[0]?.groups[0]?.version).toBe(4);
    expect(minutesOf([event({ at: at("20:10") })], versions)[0]?.groups[0]?.version).toBe(6);
  });

  test("names the version that is kept of a publication, of its own chart", () => {
    const versions = [version({ chart: "public", number: 9 }), version({ hash: "0123456789abcdef0000", number: 4 })];
    expect(minutesOf([event()], versions)[0]?.groups[0]?.version).toBe(4);
    expect(minutesOf([event({ publication: null })], versions)[0]?.groups[0]?.version).toBeUndefined();
  });
});

describe("a filter of events", () => {
  const events = [
    event(),
    event({
      event: "route.removed",
      router: "blog",
      service: "blog",
      hosts: ["blog.example.org"],
      message: "route blog went",
    }),
    event({
      event: "chart.held",
      router: null,
      service: null,
      hosts: [],
      message: "2 routers are held",
      publication: null,
    }),
    event({ event: "diagnostic.found", router: null, service: "wiki", hosts: [], message: "TAG_BAD_VALUE wiki" }),
  ];
  test.each([
    ["host:lab.local", ["route.added"]],
    ["router:blog", ["route.removed"]],
    ["service:wiki", ["route.added", "diagnostic.found"]],
    ["kind:went", ["route.removed"]],
    ["kind:hold", ["chart.held"]],
    ["event:diagnostic.found", ["diagnostic.found"]],
    ["publication:1 -kind:came", ["route.removed", "diagnostic.found"]],
    ["bad_value", ["diagnostic.found"]],
  ])("%j lets %j through", (text, expected) => {
    expect(events.filter(filterEvents(text) ?? (() => true)).map((one) => one.event)).toEqual(expected);
  });

  test("counts kinds in their order", () => {
    expect(kindCounts([...events, event()])).toEqual([
      { kind: "came", count: 2 },
      { kind: "went", count: 1 },
      { kind: "hold", count: 1 },
      { kind: "diagnostic", count: 1 },
    ]);
  });
});

test("every event of routes, charts and ports that clients are told has a kind of its own, and each kind a sign", () => {
  const told = [
    ...Object.keys(EVENTS).filter((name) => name.startsWith("route.")),
    ...["chart.held", "chart.released", "chart.rolled-back", "chart.published", "chart.standby", "chart.taken-over"],
    ...[
      "chart.refused",
      "chart.loadable",
      "traefik.untaken",
      "traefik.taken",
      "diagnostic.found",
      "diagnostic.cleared",
    ],
    ...["diagnostic.untold", "ports.status", "ports.contested"],
  ];
  expect(told.filter((name) => kindOf({ event: name }) === "other")).toEqual([]);
  expect(Object.keys(KIND_SIGNS)).toEqual([...EVENT_KINDS]);
  expect([toneOf({ event: "ports.contested" }), toneOf({ event: "ports.status" })]).toEqual(["bad", "plain"]);
});

test.each([
  [MOST_EVENTS, 5, 1, { sinceMs: 5, why: "most" }],
  [3, 5, 1, { sinceMs: 1, why: "start" }],
  [3, 5, 9_000, { sinceMs: 5, why: "before-start" }],
  [3, 5, 900, { sinceMs: 900, why: "start" }],
  [0, undefined, 1, { sinceMs: 1, why: "start" }],
  [0, undefined, undefined, { sinceMs: undefined, why: "unknown" }],
])("of %d events all since then are known", (events, oldestMs, startedMs, expected) => {
  expect(memoryEnd({ events, oldestMs }, startedMs)).toEqual(expected);
});

describe("a version", () => {
  test("has its whole change in the history of its own chart", () => {
    expect(historyCommand(version())).toBe("portolan history 4");
    expect(historyCommand(version({ chart: "the lab" }))).toBe("portolan history 4 --chart 'the lab'");
  });

  test.each([
    ["main", "portolan rollback 4", "portolan rollback 4 --diff"],
    ["public", "portolan rollback 4 --chart public", "portolan rollback 4 --diff --chart public"],
    [
      "it's $(x)",
      String.raw`portolan rollback 4 --chart 'it'\''s $(x)'`,
      String.raw`portolan rollback 4 --diff --chart 'it'\''s $(x)'`,
    ],
  ])("of chart %j is gone back to by a line that a shell takes", (chart, command, diff) => {
    expect([rollbackCommand({ number: 4, chart }), rollbackDiffCommand({ number: 4, chart })]).toEqual([command, diff]);
  });

  test("is the oldest of its chart where none before it is kept, of which the daemon cannot say what changed", () => {
    const versions = [version({ number: 5 }), version(), version({ chart: "public", number: 9 })];
    expect(versions.map((one) => isOldest(one, versions))).toEqual([false, true, true]);
  });

  test("is in force where it is the newest of its chart, unless a rollback is in force", () => {
    const states = (versions: readonly ReturnType<typeof version>[]) =>
      versions.map((one) => versionState(one, versions));
    expect(states([version({ number: 5 }), version(), version({ chart: "public", number: 2 })])).toEqual([
      "in force",
      "earlier",
      "in force",
    ]);
    expect(states([version({ number: 5 }), version({ isRolledBackTo: true }), version({ number: 3 })])).toEqual([
      "withheld by a rollback",
      "in force since a rollback",
      "earlier",
    ]);
  });
});
