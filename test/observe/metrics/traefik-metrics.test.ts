import { beforeEach, expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../../src/observe/metrics/registry.ts";
import { createTraefikMetrics } from "../../../src/observe/metrics/traefik-metrics.ts";
import type { TraefikObserver } from "../../../src/observe/observer.ts";
import { NOW_MS } from "../../builders/world.ts";
import { DISABLED, traefikReport } from "../traefik-reports.ts";
import { ownLines } from "./exposition.ts";

let metrics: Metrics;
let traefik: TraefikObserver;
beforeEach(() => {
  metrics = createMetrics();
  traefik = createTraefikMetrics({ families: metrics.traefiks, edge: "main" });
});

async function lines(): Promise<readonly string[]> {
  return (await ownLines(metrics)).filter((line) => line.startsWith("portolan_traefik"));
}

test("nothing is measured of a Traefik that is not asked, nor of one that is not asked any more", async () => {
  expect(await lines()).toEqual([]);
  traefik.traefikRead(traefikReport());
  traefik.traefikRead(undefined);
  expect((await lines()).filter((line) => !line.startsWith("portolan_traefik_read_errors_total"))).toEqual([]);
});

test("what Traefik has of the chart, and what it has against it", async () => {
  traefik.traefikRead(
    traefikReport({
      taking: { kind: "behind", sinceMs: NOW_MS },
      flaws: { "http/routers/a": DISABLED, "http/routers/b": DISABLED, "http/routers/c": { kind: "missing" } },
    }),
  );
  expect(await lines()).toEqual([
    'portolan_traefik_up{edge="main"} 1',
    'portolan_traefik_taken{edge="main"} 0',
    'portolan_traefik_flaws{edge="main",kind="disabled"} 2',
    'portolan_traefik_flaws{edge="main",kind="warning"} 0',
    'portolan_traefik_flaws{edge="main",kind="missing"} 1',
    'portolan_traefik_flaws{edge="main",kind="different"} 0',
    'portolan_traefik_read_errors_total{edge="main"} 0',
    'portolan_traefik_info{edge="main",version="3.6.12"} 1',
  ]);
});

test("an API that cannot be read is down, and each attempt is counted", async () => {
  const unread = { code: "E", message: "away", sinceMs: NOW_MS };
  traefik.traefikRead(traefikReport({ unread }));
  traefik.traefikRead(traefikReport({ unread }));
  expect(await lines()).toEqual(
    expect.arrayContaining(['portolan_traefik_up{edge="main"} 0', 'portolan_traefik_read_errors_total{edge="main"} 2']),
  );
});

test("how long a chart took to be taken is measured once, where it is known", async () => {
  traefik.traefikRead(traefikReport());
  const count = async () => (await lines()).filter((line) => line.startsWith("portolan_traefik_lag_seconds_count"));
  expect(await count()).toEqual([]);
  traefik.traefikRead({ ...traefikReport(), takenAfterMs: 2_500 });
  traefik.traefikRead(traefikReport());
  expect(await count()).toEqual(['portolan_traefik_lag_seconds_count{edge="main"} 1']);
  expect(await lines()).toContain('portolan_traefik_lag_seconds_sum{edge="main"} 2.5');
});
