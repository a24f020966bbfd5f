import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { createMetrics, type Metrics } from "../../../src/observe/metrics/registry.ts";
import { createSourceMetrics, showSource } from "../../../src/observe/metrics/source-metrics.ts";
import { ownLines } from "./exposition.ts";

/** A catalog that answers and shows everything. */
const READING = {
  isUp: true,
  isBlind: false,
  signs: [],
  answeredAtMs: 1_000,
  openRequests: 4,
  answerAgeMs: undefined,
  eventStreams: undefined,
};

let metrics: Metrics;

beforeEach(() => {
  metrics = createMetrics();
});

test("failures are counted always, whether or not they are news", async () => {
  const source = createSourceMetrics(metrics.sources, "consul");
  const refused = new AppError("connection refused", { code: "E_CATALOG_CONNECTION", retryable: true });
  source.failed(refused, "catalog/services", 500, { failures: 1, forMs: 0 });
  source.failed(refused, "catalog/services", 500, undefined);
  expect(await ownLines(metrics)).toContain(
    'portolan_source_errors_total{source="consul",code="E_CATALOG_CONNECTION"} 2',
  );
});

test("requests and missed changes are counted under the catalog's label", async () => {
  const source = createSourceMetrics(metrics.sources, "dc1");
  expect(await ownLines(metrics)).toContain('portolan_source_missed_changes_total{source="dc1"} 0');
  source.requested("/v1/health/service");
  source.missed(["a", "b"]);
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_source_requests_total{source="dc1",endpoint="/v1/health/service"} 1');
  expect(lines).toContain('portolan_source_missed_changes_total{source="dc1"} 2');
});

test("ages are in seconds; a server that does not say how old its answer is leaves that gauge alone", async () => {
  showSource(metrics.sources, "dc1", READING, 3_500);
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_source_age_seconds{source="dc1"} 2.5');
  expect(lines).toContain('portolan_source_open_requests{source="dc1"} 4');
  expect(lines.filter((line) => line.startsWith("portolan_source_answer_age_seconds"))).toEqual([]);
  showSource(metrics.sources, "dc1", { ...READING, answerAgeMs: 20 }, 3_500);
  expect(await ownLines(metrics)).toContain('portolan_source_answer_age_seconds{source="dc1"} 0.02');
});

test("streams of events are counted where the catalog has them", async () => {
  const source = createSourceMetrics(metrics.sources, "nomad");
  showSource(metrics.sources, "dc1", READING, 3_500);
  showSource(metrics.sources, "nomad", { ...READING, eventStreams: 1 }, 3_500);
  source.eventsReopened();
  const lines = await ownLines(metrics);
  expect(lines.filter((line) => line.startsWith("portolan_source_event_streams"))).toEqual([
    'portolan_source_event_streams{source="nomad"} 1',
    'portolan_source_event_streams_reopened_total{source="nomad"} 1',
  ]);
});

test("whether a catalog answers, and whether it shows all, is told of each; what is not known before it is read is absent", async () => {
  const unread = { ...READING, isUp: false, isBlind: undefined, signs: undefined };
  showSource(metrics.sources, "dc1", unread, 3_500);
  const told = async () => (await ownLines(metrics)).filter((line) => /source_(up|blind|signs)/.test(line));
  expect(await told()).toEqual(['portolan_source_up{source="dc1"} 0']);
  showSource(metrics.sources, "dc1", { ...READING, isBlind: true, signs: ["filtered", "no-leader"] }, 3_500);
  expect(await told()).toEqual([
    'portolan_source_up{source="dc1"} 1',
    'portolan_source_blind{source="dc1"} 1',
    'portolan_source_signs{source="dc1",reason="filtered"} 1',
    'portolan_source_signs{source="dc1",reason="default-deny"} 0',
    'portolan_source_signs{source="dc1",reason="no-servers"} 0',
    'portolan_source_signs{source="dc1",reason="no-leader"} 1',
    'portolan_source_signs{source="dc1",reason="denied-namespace"} 0',
  ]);
  showSource(metrics.sources, "dc1", unread, 3_500);
  expect(await told()).not.toContain('portolan_source_blind{source="dc1"} 1');
});
