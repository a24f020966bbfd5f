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
  expect(log.lines[0]).toMatch(/^chart\.held: 1 router held with the servers they had: the catalog's index fell back/);
  expect(log.lines[1]).toBe("chart.released: the hold of 1 router (catalog-reset) was ended by hand");
  expect(log.events.map(({ data }) => data)).toEqual([
    { kind: "catalog-reset", routers: ["web"], ends: "1970-01-01T00:21:40.000Z" },
    { kind: "catalog-reset", by: "hand" },
  ]);
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
