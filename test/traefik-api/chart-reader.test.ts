import { beforeEach, describe, expect, test } from "vitest";
import type { DynamicConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { TraefikResult } from "../../src/core/traefik-result/traefik-result.ts";
import { type ChartReader, createChartReader } from "../../src/traefik-api/chart-reader.ts";
import { chart, router, served } from "../builders/chart.ts";
import { createFakeTraefik, FAKE_TRAEFIK, type FakeTraefik } from "../fakes/fake-traefik.ts";

const { signal } = new AbortController();
/** Beyond the time in which Traefik may take a chart. */
const LATE_MS = 15_000;

let traefik: FakeTraefik;
let reader: ChartReader;
let nowMs: number;

beforeEach(() => {
  nowMs = 1_000_000;
  traefik = createFakeTraefik();
  reader = createChartReader({ api: traefik, nowMs: () => nowMs });
});

/** A chart with a router and a service for each name; a name may say on which port: `shop:24001`. */
function charted(...names: readonly string[]): DynamicConfig {
  const parts = names.map((name) => name.split(":"));
  return chart({
    routers: Object.fromEntries(parts.map(([name = ""]) => [name, router(name)])),
    services: Object.fromEntries(parts.map(([name = "", port = "24001"]) => [name, served(`http://10.0.0.1:${port}`)])),
  });
}

/** Published at this moment, where a look is not told otherwise. */
async function look(config: DynamicConfig, publishedAtMs = nowMs): Promise<TraefikResult> {
  return await reader.look({ config, publishedAtMs }, signal);
}

function summary({ taking, flaws }: TraefikResult): readonly unknown[] {
  return [taking.kind, ...[...flaws].map(([key, { kind }]) => `${key} ${kind}`)];
}

describe("a chart that Traefik has", () => {
  test("is read whole at first; then only what has changed is asked for, by name", async () => {
    const first = charted("a", "b", "c");
    traefik.takes(first);
    expect(summary(await look(first))).toEqual(["taken"]);
    expect(traefik.asked()).toEqual(["version", "running", "http/routers", "http/services", "overview"]);

    const second = charted("a", "b:24002", "c");
    traefik.takes(second);
    expect(summary(await look(second))).toEqual(["taken"]);
    expect(traefik.asked()).toEqual(["http/services/b", "overview"]);

    nowMs += 30_000;
    expect(summary(await look(second))).toEqual(["taken"]);
    expect(traefik.asked()).toEqual(["version", "overview"]);
  });

  test("is asked for by a few names however much has changed: a file is taken as a whole", async () => {
    const names = (port: number) => Array.from({ length: 500 }, (_, at) => `s${at}:${port}`);
    const [before, after] = [charted(...names(24_001)), charted(...names(24_002))];
    traefik.takes(before);
    await look(before);
    traefik.asked();
    traefik.takes(after);
    expect(summary(await look(after))).toEqual(["taken"]);
    expect(traefik.asked().length).toBeLessThanOrEqual(21);
  });

  test("is read whole again now and then, and when Traefik was started anew", async () => {
    const config = charted("a");
    traefik.takes(config);
    await look(config);
    traefik.asked();
    traefik.is({ startedAt: "2026-11-30T11:00:00Z" });
    nowMs += 30_000;
    expect(summary(await look(config))).toEqual(["taken"]);
    expect(traefik.asked()).toContain("http/routers");
    nowMs += 600_001;
    await look(config);
    expect(traefik.asked()).toContain("http/routers");
  });

  test("may list a router by each of its entry points, where these have options of their own", async () => {
    const config = charted("a");
    traefik.lists("a", "websecure-a");
    traefik.takes(config);
    expect(summary(await look(config))).toEqual(["taken"]);
    const changed = chart({
      routers: { a: { ...router("a"), entryPoints: ["web", "websecure"] } },
      services: { a: served("http://10.0.0.1:24001") },
    });
    traefik.takes(changed);
    expect(summary(await look(changed))).toEqual(["taken"]);
  });
});

describe("news", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["that comes", ["a"], ["a", "b"]],
    ["that goes", ["a", "b"], ["a"]],
    ["that changes", ["a", "b:24001"], ["a", "b:24002"]],
    ["that replaces all", ["a"], ["b"]],
  ])("%s is waited for, and missed when Traefik has had its time", async (_what, before, after) => {
    traefik.takes(charted(...before));
    await look(charted(...before));
    const news = charted(...after);
    const publishedAtMs = nowMs;
    nowMs += 1_000;
    expect(summary(await look(news, publishedAtMs))[0]).toBe("waiting");
    nowMs += LATE_MS;
    const late = await look(news, publishedAtMs);
    expect(late.taking).toEqual({ kind: "behind", sinceMs: publishedAtMs });
    traefik.takes(news);
    expect(summary(await look(news, publishedAtMs))).toEqual(["taken"]);
  });

  test("that follows news is waited for anew: a Traefik that is a chart behind is not far behind", async () => {
    let config = charted("a", "b:24000");
    traefik.takes(config);
    await look(config);
    for (let port = 24_001; port < 24_030; port += 1) {
      nowMs += 1_000;
      const next = charted("a", `b:${port}`);
      expect(summary(await look(next))[0]).toBe("waiting");
      traefik.takes(config);
      config = next;
    }
    traefik.takes(config);
    expect(summary(await look(config))).toEqual(["taken"]);
  });

  test("of which Traefik leaves one thing out has that fault alone: the file was taken", async () => {
    const before = charted("a");
    traefik.takes(before);
    await look(before);
    const publishedAtMs = nowMs;
    const news = charted("a", "b", "c");
    traefik.takes({ ...news, "http/routers": new Map([...news["http/routers"]].filter(([name]) => name !== "c")) });
    expect(summary(await look(news, publishedAtMs))).toEqual(["waiting"]);
    nowMs += LATE_MS;
    expect(summary(await look(news, publishedAtMs))).toEqual(["taken", "http/routers/c missing"]);
    traefik.takes(news);
    expect(summary(await look(news, publishedAtMs))).toEqual(["taken"]);
  });

  test("under the name of another file's is another one in Traefik, and no reason to think that nothing is taken", async () => {
    const before = charted("a");
    traefik.takes(before);
    await look(before);
    const publishedAtMs = nowMs;
    traefik.takes(charted("a", "b:1"));
    await look(charted("a", "b:24001"), publishedAtMs);
    nowMs += LATE_MS;
    const result = await look(charted("a", "b:24001"), publishedAtMs);
    expect(summary(result)).toEqual(["taken", "http/services/b different"]);
  });
});

test("a Traefik that asks for the chart every minute has a minute more", async () => {
  const { configuration } = FAKE_TRAEFIK;
  traefik.is({ configuration: configuration && { ...configuration, pollMs: 60_000 } });
  traefik.takes(charted("a"));
  await look(charted("a"));
  const publishedAtMs = nowMs;
  nowMs += 60_000;
  expect(summary(await look(charted("a", "b"), publishedAtMs))[0]).toBe("waiting");
  nowMs += LATE_MS;
  expect(summary(await look(charted("a", "b"), publishedAtMs))[0]).toBe("behind");
});

test("a Traefik that has nothing of the chart is given its time, and then said to have nothing", async () => {
  const config = charted("a", "b");
  const publishedAtMs = nowMs;
  expect(summary(await look(config, publishedAtMs))[0]).toBe("waiting");
  nowMs += LATE_MS;
  expect((await look(config, publishedAtMs)).taking).toEqual({ kind: "nothing", sinceMs: publishedAtMs });
});

test("a Traefik that starts anew beside a file that it refuses has nothing", async () => {
  const config = charted("a", "b");
  traefik.takes(config);
  await look(config);
  traefik.takes(charted());
  traefik.is({ startedAt: "later" });
  nowMs += 30_000;
  expect(summary(await look(config))[0]).toBe("waiting");
  nowMs += LATE_MS;
  expect(summary(await look(config))[0]).toBe("nothing");
});

test("an empty chart is taken by any Traefik", async () => {
  expect(summary(await look(charted()))).toEqual(["taken"]);
});

describe("what Traefik complains of", () => {
  test("is found at once where it changed, and by the numbers where it did not", async () => {
    const config = charted("a", "b");
    traefik.takes(config);
    traefik.complains("http/routers/a", "disabled", "no valid entryPoint for this router");
    expect((await look(config)).flaws).toEqual(
      new Map([
        ["http/routers/a", { kind: "refused", status: "disabled", errors: ["no valid entryPoint for this router"] }],
      ]),
    );
    traefik.complains("http/services/b", "warning", "half of it");
    nowMs += 30_000;
    expect(summary(await look(config))).toEqual(["taken", "http/routers/a refused", "http/services/b refused"]);
    // Nothing is listed again as long as the numbers are the same.
    traefik.asked();
    await look(config);
    expect(traefik.asked()).toEqual(["overview"]);
  });

  test("stays while a correction is on its way, and is over when Traefik has it", async () => {
    const config = charted("a", "b");
    traefik.takes(config);
    traefik.complains("http/services/a", "disabled", "bad");
    await look(config);
    const corrected = charted("a:24009", "b");
    expect(summary(await look(corrected))).toEqual(["waiting", "http/services/a refused"]);
    const fresh = createFakeTraefik();
    fresh.takes(corrected);
    Object.assign(traefik, { resource: fresh.resource, resources: fresh.resources, overview: fresh.overview });
    expect(summary(await look(corrected))).toEqual(["taken"]);
  });
});

test("after a look that failed it is asked anew which Traefik it is", async () => {
  const config = charted("a");
  traefik.takes(config);
  await look(config);
  traefik.goes("E_TRAEFIK_API_UNREACHABLE");
  await expect(look(charted("a", "b"))).rejects.toThrow("not to be asked");
  traefik.comesBack();
  traefik.asked();
  await look(config);
  expect(traefik.asked()).toContain("version");
});
