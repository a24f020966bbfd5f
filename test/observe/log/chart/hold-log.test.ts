import { expect, test } from "vitest";
import { AppError } from "../../../../src/base/errors.ts";
import type { Hold } from "../../../../src/core/removals/hold.ts";
import { createHoldLog } from "../../../../src/observe/log/chart/hold-log.ts";
import { NOW_MS } from "../../../builders/world.ts";
import { createRecordingLog } from "../../../fakes/recording-log.ts";

const RESET: Hold = {
  kind: "catalog-reset",
  routers: ["http/routers/web"],
  sinceMs: NOW_MS,
  endsAtMs: NOW_MS + 300_000,
};

test("a hold is logged with how many, why and until when, and with the operator who ended it", () => {
  const log = createRecordingLog();
  const holds = createHoldLog(log);
  holds.held(RESET);
  holds.released(RESET, true);
  expect(log.names).toEqual(["chart.held", "chart.released"]);
  expect(log.lines[0]).toMatch(
    /^chart\.held: 1 router is held with the servers it had \(web\): the catalog's index fell back .*; until 1970-01-01T00:21:40Z$/,
  );
  expect(log.lines[1]).toBe("chart.released: the hold of 1 router (catalog-reset) was ended by hand");
  expect(log.events.map(({ data }) => data)).toEqual([
    { kind: "catalog-reset", routers: ["web"], count: 1, ends: "1970-01-01T00:21:40.000Z" },
    { kind: "catalog-reset", by: "hand" },
  ]);
});

const holding = (count: number, sinceMs = NOW_MS): Hold => ({
  ...RESET,
  sinceMs,
  routers: Array.from(
    { length: count },
    (_, index) => `http/routers/${"a-service-of-a-long-name-".repeat(2)}${index}` as const,
  ),
});

test("a hold that grows with every pass is told when it begins and when it has grown by half, not each time", () => {
  const log = createRecordingLog();
  const holds = createHoldLog(log);
  for (let count = 1; count <= 1_000; count += 1) holds.held(holding(count));
  expect(log.lines.map((line) => /\d+/.exec(line)?.[0])).toEqual([
    "1",
    "11",
    "21",
    "32",
    "48",
    "72",
    "108",
    "162",
    "243",
    "365",
    "548",
    "822",
  ]);
});

test("a hold that begins anew is told anew", () => {
  const log = createRecordingLog();
  const holds = createHoldLog(log);
  holds.held(holding(3));
  holds.released(holding(3), false);
  holds.held(holding(2, NOW_MS + 1));
  holds.held(holding(1, NOW_MS + 2));
  expect(log.names).toEqual(["chart.held", "chart.released", "chart.held", "chart.held"]);
});

test("a line about thousands of routers says how many, names some, and is one that a collector takes", () => {
  const log = createRecordingLog();
  createHoldLog(log).held(holding(5_000));
  expect(log.lines[0]).toMatch(
    /^chart\.held: 5000 routers are held with the servers they had \(a-.*-0, .*-4 and 4995 more\): /,
  );
  expect(log.events[0]?.data).toMatchObject({ count: 5_000 });
  expect(JSON.stringify(log.events[0]).length).toBeLessThan(2_000);
});

test("a removal that cannot be confirmed is logged with its catalog", () => {
  const log = createRecordingLog();
  const refused = new AppError("connection refused", { code: "E_CATALOG_CONNECTION", retryable: true });
  createHoldLog(log).confirmFailed(refused, undefined);
  createHoldLog(log).confirmFailed(refused, "dc1");
  expect(log.events).toEqual([
    {
      event: "source.unconfirmed",
      message: "a removal is not confirmed yet: connection refused",
      data: { code: "E_CATALOG_CONNECTION" },
    },
    {
      event: "source.unconfirmed",
      message: "a removal is not confirmed yet by dc1: connection refused",
      data: { catalog: "dc1", code: "E_CATALOG_CONNECTION" },
    },
  ]);
});
