import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApp } from "../../../src/app/app.ts";
import { dryPass } from "../../../src/app/dry-pass/dry-pass.ts";
import type { Settings } from "../../../src/config/files/schema.ts";
import { allSettings } from "../../builders/world.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";
import type { JobSpec, NomadCluster } from "../../nomad/cluster.ts";
import { startEmbeddedCluster } from "../../nomad/embedded-cluster.ts";
import { until } from "../../support/await-until.ts";

const TAGS = ["traefik.enable=true"];

describe("a dry pass beside a portolan that charts Nomad's services", () => {
  let root: string;
  let cluster: NomadCluster;
  let settings: Settings;
  let running: { stop(): Promise<void> } | undefined;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "portolan-dry-nomad-"));
    mkdirSync(join(root, "dynamic"));
    cluster = await startEmbeddedCluster();
    settings = allSettings({
      nomad: { address: cluster.address },
      ports: { dynamic: "1024-65535" },
      output: { file: join(root, "dynamic", "portolan.yml") },
      stateDir: join(root, "state"),
    });
  });
  afterEach(async () => {
    await running?.stop();
    await cluster.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function run(): Promise<void> {
    const app = await openApp(settings, createRecordingLog());
    const ended = new AbortController();
    const [edge] = app.edges;
    await edge.takeChart();
    const parts = [edge, ...app.catalogs.map(({ source }) => source), app.allocations, app.snippets, app.dynamicPorts];
    const run = Promise.all(parts.map((part) => part?.run(ended.signal)));
    running = {
      async stop() {
        ended.abort();
        await run;
        await edge.releaseChart();
        await app.close();
      },
    };
  }

  const chart = () => readFileSync(settings.output.file, "utf8");
  const job = (id: string, more: Partial<JobSpec> = {}): JobSpec => ({ id, answer: id, tags: TAGS, ...more });

  async function charted(what: string, isThere: (text: string) => boolean): Promise<void> {
    await until(() => isThere(chart()), { timeoutMs: 20_000, what });
  }

  /** What a dry pass says now is what is published, and stays so. */
  async function saysNoChange(): Promise<void> {
    const before = chart();
    const [main] = (await dryPass(settings)).edges;
    expect(main.present.decision.text).toBe(before);
    expect(chart()).toBe(before);
  }

  test("says no change: of one that is healthy, one that is not yet, and one that never is", async () => {
    await cluster.run(job("web", { count: 2 }));
    await cluster.run(job("slow", { startMs: 60_000 }));
    await cluster.run(job("sick", { health: 500 }));
    await run();
    await charted("both instances of web", (text) => (text.match(/"url":/g)?.length ?? 0) === 2);
    await saysNoChange();
  });

  test("says no change of a canary on trial", async () => {
    await cluster.run(job("web"));
    await run();
    await charted("web", (text) => text.includes('"url":'));
    await cluster.run(job("web", { answer: "two", canaries: 1 }));
    await charted("the canary", (text) => (text.match(/"url":/g)?.length ?? 0) === 2);
    await saysNoChange();
  });

  test("says what is published next, once a job was stopped while no portolan ran", async () => {
    await cluster.run(job("web"));
    await cluster.run(job("shop"));
    await run();
    await charted("both", (text) => (text.match(/"url":/g)?.length ?? 0) === 2);
    await running?.stop();
    running = undefined;
    await cluster.stop("shop");
    await until(async () => (await dryPass(settings)).edges[0].present.decision.text !== chart(), {
      timeoutMs: 20_000,
      what: "the plan to tell it",
    });
    const [main] = (await dryPass(settings)).edges;
    await run();
    await charted("the next chart", (text) => text === main.present.decision.text);
  });
});
