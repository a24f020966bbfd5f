import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseChart } from "../../../src/core/traefik/parse-chart.ts";
import { until } from "../../support/await-until.ts";
import type { FaultRow } from "../row.ts";
import type { Stage } from "../stage.ts";
import { register } from "../world.ts";
import { STEPS } from "./die-at-step.ts";

const PRELOAD = pathToFileURL(join(import.meta.dirname, "die-at-step.ts")).href;

/** Lives once for each step of a publication, and dies there by SIGKILL. */
async function dieAtEachStep(stage: Stage): Promise<void> {
  await stage.killPortolan();
  for (const [number, step] of STEPS.entries()) {
    const environment = { NODE_OPTIONS: `--import=${PRELOAD}`, DIE_AT_STEP: step, DIE_FOR: stage.chart };
    const victim = await stage.startPortolan({ environment });
    await register(stage.catalog, { service: `victim-${number}`, port: stage.ports.others });
    const end = await Promise.race([victim.ended(), timeout()]);
    if (end !== "SIGKILL") throw new Error(`portolan did not die at ${step}: ${String(end)}`);
    if (parseChart(await readFile(stage.chart, "utf8")) === undefined) throw new Error(`a partial file after ${step}`);
  }
  await stage.startPortolan();
}

async function timeout(): Promise<string> {
  await sleep(5_000, undefined, { ref: false });
  return "it lives";
}

export const PROCESS_ROWS: readonly FaultRow[] = [
  {
    name: "process: killed at each step of a publication",
    portolanOnly: true,
    begin: dieAtEachStep,
    tells: ["chart.adopted"],
  },
  {
    name: "process: SIGTERM during a publication",
    portolanOnly: true,
    async begin(stage) {
      const { portolan, catalog, ports } = stage;
      for (let number = 0; number < 20; number += 1) {
        void register(catalog, { service: `crowd-${number % 5}`, port: number % 2 === 0 ? ports.first : ports.second });
        if (number === 12) portolan.kill("SIGTERM");
      }
      const code = await portolan.ended();
      if (code !== 0) throw new Error(`ended with ${code}`);
      if (parseChart(await readFile(stage.chart, "utf8")) === undefined) throw new Error("a partial file");
      await stage.startPortolan();
    },
    tells: ["daemon.stopped"],
  },
  {
    name: "process: broken settings at SIGHUP",
    portolanOnly: true,
    async begin({ settingsFile, portolan }) {
      await writeFile(settingsFile, "traefik: { prefx: oops }");
      portolan.kill("SIGHUP");
      await until(() => portolan.log().includes("settings.refused"), { timeoutMs: 2_000, what: "the refusal" });
    },
    async end({ settingsFile, portolan }) {
      await writeFile(settingsFile, "{}");
      portolan.kill("SIGHUP");
    },
    tells: ["settings.refused", "settings.reloaded"],
  },
  {
    name: "process: two on one output, the first is killed",
    portolanOnly: true,
    async begin(stage) {
      const first = stage.portolan;
      const second = await stage.startPortolan({ stateDir: `${stage.stateDir}-second` });
      await until(() => second.log().includes("chart.standby"), { timeoutMs: 3_000, what: "the second to stand by" });
      const ready = await fetch(`${second.url}/readyz`);
      if (ready.status !== 503) throw new Error(`the second says it is ready: ${ready.status}`);
      first.kill("SIGKILL");
      await first.ended();
    },
    tells: ["chart.standby", "chart.taken-over"],
  },
];
