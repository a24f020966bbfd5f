import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { STEPS } from "./signal-at-step.ts";

const PRELOAD = pathToFileURL(join(import.meta.dirname, "signal-at-step.ts")).href;

/** Starts a process for each step of a publication and sends it the signal after that step; returns how each process ended. */
async function signalAtEachStep(stage: Stage, signal: NodeJS.Signals, expected: string | number): Promise<void> {
  await stage.killPortolan();
  for (const [number, step] of STEPS.entries()) {
    const environment = {
      NODE_OPTIONS: `--import=${PRELOAD}`,
      SIGNAL_AFTER: step,
      SIGNAL: signal,
      SIGNAL_PATH: stage.chart,
    };
    const victim = await stage.startPortolan({ environment });
    await register(stage.catalog, { service: `victim-${number}`, port: stage.ports.others });
    const end = await Promise.race([victim.ended(), sleep(5_000, "it lives", { ref: false })]);
    if (end !== expected) throw new Error(`${signal} after ${step} ended with ${String(end)}`);
    const chart = parseChart(await readFile(stage.chart, "utf8"));
    if (chart === undefined) throw new Error(`a partial file after ${step}`);
  }
  await stage.startPortolan();
}

export const PROCESS_ROWS: readonly Trial[] = [
  {
    name: "process: killed at each step of a publication",
    portolanOnly: true,
    begin: (stage) => signalAtEachStep(stage, "SIGKILL", "SIGKILL"),
    tells: ["chart.adopted"],
  },
  {
    name: "process: SIGTERM at each step of a publication",
    portolanOnly: true,
    begin: (stage) => signalAtEachStep(stage, "SIGTERM", 0),
    tells: ["daemon.stopped", "chart.adopted"],
  },
  {
    name: "process: stopped and continued",
    portolanOnly: true,
    begin: async ({ portolan }) => portolan.kill("SIGSTOP"),
    end: async ({ portolan }) => portolan.kill("SIGCONT"),
    tells: [],
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
    name: "process: a policy at SIGHUP that would take a route away",
    portolanOnly: true,
    async begin({ root, settingsFile, portolan }) {
      const policy = join(root, "policy.yml");
      await writeFile(policy, "rules: [{ service: innocent, hosts: [elsewhere.test] }, {}]");
      await writeFile(settingsFile, JSON.stringify({ policy }));
      portolan.kill("SIGHUP");
      await until(() => portolan.log().includes("the settings have changed"), { timeoutMs: 2_000, what: "the hold" });
    },
    async end({ settingsFile, portolan }) {
      await writeFile(settingsFile, "{}");
      portolan.kill("SIGHUP");
    },
    tells: ["settings.reloaded", "chart.held", "chart.released"],
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
      await until(() => second.log().includes("chart.taken-over"), {
        timeoutMs: 2_000,
        what: "the second to take over",
      });
    },
    tells: ["chart.standby", "chart.taken-over"],
  },
];
