import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../test/support/await-until.ts";
import { startEmbeddedCatalog } from "../catalogs/embedded.ts";
import { type ChangeKind, lifeOf } from "../lifecycle.ts";
import { parseOptions } from "../options.ts";
import { startPortolanDaemon } from "../peers/portolan-daemon.ts";
import { children } from "../procfs.ts";
import { PRESENT_BUILD } from "../program.ts";
import { untilQuiet } from "../quiet.ts";
import { requireBinary } from "../require-binary.ts";
import { createTeardown } from "../teardown.ts";
import { createWorld } from "../world.ts";
import type { Observed } from "./observer.ts";

const LIVES = 5;
/** What comes of a change some time after it, such as what a log or a state keeps of it, is that change's too. */
const SETTLE_MS = 1_200;
/** Each life begins so much later than the one before, so that what comes by the clock is not always beside the same change. */
const LATER_MS = 700;
const PORTS = [24_001, 24_002, 24_003];
const OBSERVER = join(import.meta.dirname, "observer.ts");

export type Counts = ReadonlyMap<string, number>;

/** What the built program loads at its start, and what a change costs in requests, bytes and files: the least in some lives. */
export async function countDaemon(services: number): Promise<Counts> {
  const options = parseOptions(["--services", String(services), "--catalog", "embedded", "--peers", "portolan"]);
  const signal = AbortSignal.timeout(120_000);
  const stage = {
    options,
    program: PRESENT_BUILD,
    consul: await requireBinary("consul"),
    traefik: await requireBinary("traefik"),
    world: createWorld({ ...options, ports: PORTS }),
    ports: PORTS,
    signal,
  };
  const teardown = createTeardown();
  const samples = new Map<string, number[]>();
  const add = (what: string, value: number) => samples.set(what, [...(samples.get(what) ?? []), value]);
  try {
    const catalog = await startEmbeddedCatalog(stage);
    teardown.add(catalog.stop);
    const folder = await mkdtemp(join(tmpdir(), "portolan-counts-"));
    teardown.add(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "counts.json");
    // For the process that is counted, and none after it.
    process.env.COUNTS_FILE = file;
    process.env.NODE_OPTIONS = `--import ${OBSERVER}`;
    const daemon = await startPortolanDaemon(catalog, stage).finally(() => {
      delete process.env.NODE_OPTIONS;
    });
    teardown.add(daemon.stop);

    async function observe(): Promise<Observed> {
      await rm(file, { force: true });
      process.kill(daemon.pid, "SIGWINCH");
      const read = async () => JSON.parse(await readFile(file, "utf8").catch(() => "null")) as Observed | null;
      return (await until(async () => (await read().catch(() => null)) ?? undefined, {
        timeoutMs: 10_000,
        what: "the counts of the process",
      })) as Observed;
    }

    await untilQuiet(children(), signal);
    const { modules, moduleBytes } = await observe();
    add("modules loaded by the start", modules);
    add("bytes of modules loaded by the start", moduleBytes);
    for (let life = 0; life < LIVES; life += 1) {
      await sleep(life * LATER_MS);
      for (const change of lifeOf(`counted-${life}`, `node-${life}`, [24_001, 24_002])) {
        const [traffic, before] = [await catalog.traffic(), await observe()];
        await catalog.prepare(change)();
        await sleep(SETTLE_MS);
        await untilQuiet(children(), signal);
        const [after, now] = [await catalog.traffic(), await observe()];
        const kind = KIND[change.kind];
        add(`requests, ${kind}`, after.requests - traffic.requests);
        add(`bytes received, ${kind}`, after.receivedBytes - traffic.receivedBytes);
        add(`fsyncs, ${kind}`, now.fsyncs - before.fsyncs);
        add(`files renamed, ${kind}`, now.renames - before.renames);
      }
    }
    const chart = await readFile(daemon.chartPath);
    add("bytes of the chart", chart.byteLength);
  } finally {
    await teardown.run();
  }
  return new Map([...samples].map(([what, values]) => [what, Math.min(...values)]));
}

const KIND: Readonly<Record<ChangeKind, string>> = {
  new: "a new service",
  soon: "a new service soon after another",
  port: "another port",
  health: "a check turns critical",
  gone: "deregistered",
};
