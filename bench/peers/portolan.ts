import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../test/support/await-until.ts";
import { freePorts } from "../../test/support/free-port.ts";
import type { Tool } from "../../test/support/real-binaries.ts";
import { fileProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import type { Options } from "../options.ts";
import type { Instance } from "../world.ts";
import { startDaemon } from "./daemon-process.ts";
import type { Peer } from "./peer.ts";
import { startPeerConsul } from "./peer-consul.ts";

/**
 * Portolan as it is deployed: its own process, its settings in a file, the state on disk. Only the grace time is not
 * the default: a service that has gone must be out of the chart before the next change, or charts would grow.
 */
export async function startPortolan(
  tools: { readonly consul: Tool; readonly traefik: Tool },
  world: readonly Instance[],
  { throttleMs, strategyBudget }: Options,
): Promise<Peer> {
  const undo: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  }
  try {
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-"));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    const consul = await startPeerConsul(tools.consul, world);
    undo.push(() => consul.stop());

    const watched = join(directory, "dynamic");
    const chartPath = join(watched, "portolan.yml");
    const settings = join(directory, "settings.yml");
    await mkdir(watched);
    await writeFile(
      settings,
      JSON.stringify({
        routes: { zeroInstanceGrace: "1s" },
        ...(strategyBudget === undefined ? {} : { consul: { connectionBudget: strategyBudget } }),
      }),
    );
    const [port] = await freePorts(1);
    const listen = `127.0.0.1:${port}`;
    const daemon = startDaemon([
      ...["run", "--settings", settings, "--consul-addr", consul.url, "--output", chartPath],
      ...["--state-dir", join(directory, "state"), "--listen", listen, "--log-format", "json"],
    ]);
    undo.push(() => daemon.stop());
    await until(() => daemon.exitReason() !== undefined || isReady(listen), { timeoutMs: 30_000, what: "a chart" });
    if (daemon.exitReason() !== undefined) throw new Error(`portolan ended at its start: ${daemon.exitReason()}`);

    const traefik = await startRealTraefik(tools.traefik, {
      args: fileProvider(watched),
      throttleMs,
      logLevel: "ERROR",
    });
    undo.push(() => traefik.stop());
    return {
      name: "portolan",
      url: traefik.url,
      daemon: { chartPath, pid: daemon.pid },
      prepare: consul.prepare,
      async settled({ kind, instance }) {
        if (kind !== "health" && kind !== "gone") return;
        const hasLeft = async () => !(await readFile(chartPath, "utf8")).includes(`"${instance.service}"`);
        await until(hasLeft, { timeoutMs: 5_000, what: `${instance.service} to leave the chart` });
      },
      consulRequests: () => requestsSent(listen),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isReady(listen: string): Promise<boolean> {
  return (await fetch(`http://${listen}/readyz`)).ok;
}

/** By portolan's own count: a long poll counts when it is sent. */
async function requestsSent(listen: string): Promise<number> {
  const metrics = await (await fetch(`http://${listen}/metrics`)).text();
  return [...metrics.matchAll(/^portolan_source_requests_total\{[^}]*\} (\d+)/gm)]
    .map(([, count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);
}
