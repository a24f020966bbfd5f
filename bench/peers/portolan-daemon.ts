import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../test/support/await-until.ts";
import { firstLineOf } from "../../test/support/first-line.ts";
import { freePorts } from "../../test/support/free-port.ts";
import type { PeerCatalog } from "../catalogs/peer-catalog.ts";
import { programArgs } from "../program.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import { startDaemon } from "./child-daemon.ts";

export interface PortolanDaemon {
  readonly pid: number;
  readonly chartPath: string;
  /** On performance.now()'s clock, just before the process was created. */
  readonly startedAtMs: number;
  /** Ends the process as an operator would, and starts the next one with the same state and chart. */
  restart(): Promise<void>;
  /** Rejects while nothing listens. */
  ask(path: string): Promise<Response>;
  /** A gauge or counter of its /metrics, all labels summed up. */
  metric(name: string): Promise<number>;
  /** The bytes that `portolan once` writes now, with the same settings and no memory of what was. */
  chartOfOnce(): Promise<string>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/**
 * Portolan as it is deployed: the built program as its own process, its settings in a file, the state on disk, nothing
 * but its defaults and the settings that are given. Resolves when the first chart lies under its name, in the directory that is given, else in one of
 * its own.
 */
export function startPortolanDaemon(
  catalog: Pick<PeerCatalog, "url" | "caFile">,
  { options, program, signal }: Stage,
  watched?: string,
  more: object = {},
): Promise<PortolanDaemon> {
  return startWithTeardown(async (teardown) => {
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    const product = options.catalog === "nomad" ? "nomad" : "consul";
    const chartPath = join(watched ?? directory, "portolan.yml");
    const settings = join(directory, "settings.yml");
    await writeFile(settings, settingsText(product, catalog, options.strategy, more));
    const [port] = await freePorts(1);
    const listen = `127.0.0.1:${port}`;
    const catalogFlags = ["--settings", settings, `--${product}-addr`, catalog.url];
    const start = () => ({
      startedAtMs: performance.now(),
      daemon: startDaemon(
        process.execPath,
        [
          ...[...programArgs(program), "run", ...catalogFlags, "--output", chartPath],
          ...["--state-dir", join(directory, "state"), "--listen", listen, "--log-format", "json"],
        ],
        firstLineOf(program).environment,
      ),
    });
    let running = start();
    const { daemon } = running;
    teardown.add(() => running.daemon.stop());
    await until(() => signal.aborted || daemon.exitReason() !== undefined || existsSync(chartPath), {
      timeoutMs: 60_000,
      what: "portolan's first chart",
      everyMs: 2,
    });
    signal.throwIfAborted();
    if (daemon.exitReason() !== undefined) throw new Error(`portolan ended at its start: ${daemon.exitReason()}`);
    const ask = (path: string) => fetch(`http://${listen}${path}`);
    return {
      get pid() {
        return running.daemon.pid;
      },
      chartPath,
      get startedAtMs() {
        return running.startedAtMs;
      },
      async restart() {
        await running.daemon.stop();
        running = start();
      },
      ask,
      async metric(name) {
        const text = await (await ask("/metrics")).text();
        return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "gm"))]
          .map(([, value]) => Number(value))
          .reduce((sum, value) => sum + value, 0);
      },
      async chartOfOnce() {
        const chart = join(directory, "once.yml");
        const args = [
          ...[...programArgs(program), "once", ...catalogFlags],
          ...["--output", chart, "--state-dir", join(directory, "once")],
        ];
        // It logs a line for each route.
        await run(process.execPath, args, { maxBuffer: 2 ** 26 });
        return await readFile(chart, "utf8");
      },
      stop: teardown.run,
    };
  });
}

function settingsText(
  product: "consul" | "nomad",
  { caFile }: Pick<PeerCatalog, "caFile">,
  strategy: string,
  more: object,
): string {
  return JSON.stringify({
    ...more,
    [product]: {
      ...(strategy === "auto" ? {} : { strategy }),
      ...(caFile === undefined ? {} : { tls: { caFile } }),
    },
  });
}
