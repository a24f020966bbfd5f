import { expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import type { EventLog } from "../../src/observe/event-log.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { createSourceTelemetry } from "../../src/observe/source-telemetry.ts";

const REFUSED = new AppError("connection refused", { code: "E_CATALOG_CONNECTION", retryable: true });

function telling(label: string, name: string | undefined) {
  const told: [string, string, unknown][] = [];
  const log: EventLog = {
    emit: (event, message, data) => told.push([event, message, data?.["catalog"]]),
    setLevel: () => undefined,
  };
  const metrics = createMetrics();
  const own = { log, metrics: metrics.ofSource(label), ...(name === undefined ? {} : { name }) };
  return { told, metrics, telemetry: createSourceTelemetry(own) };
}

test("a failing catalog is told when it is news, and counted always", async () => {
  const { told, metrics, telemetry } = telling("consul", undefined);
  telemetry.failed(REFUSED, "catalog/services", 500, true);
  telemetry.failed(REFUSED, "catalog/services", 500, false);
  expect(told).toEqual([
    ["source.failing", "catalog: connection refused; what was last good stays, trying again", undefined],
  ]);
  expect((await metrics.text()).split("\n")).toContain(
    'portolan_source_errors_total{source="consul",code="E_CATALOG_CONNECTION"} 2',
  );
});

test("where there are several, all that is told and counted bears the catalog's name", async () => {
  const { told, metrics, telemetry } = telling("dc1", "dc1");
  telemetry.requested("/v1/health/service");
  telemetry.failed(REFUSED, "catalog/services", 500, true);
  telemetry.recovered(3, 5_000);
  telemetry.strategyChosen("per-service", "3 services");
  expect(told).toEqual([
    ["source.failing", expect.stringMatching(/^catalog dc1: connection refused/), "dc1"],
    ["source.recovered", "catalog dc1 answers again after 5 s (3 failed requests)", "dc1"],
    ["source.watching", expect.stringMatching(/^catalog dc1 read completely/), "dc1"],
  ]);
  expect((await metrics.text()).split("\n")).toContain(
    'portolan_source_requests_total{source="dc1",endpoint="/v1/health/service"} 1',
  );
});
