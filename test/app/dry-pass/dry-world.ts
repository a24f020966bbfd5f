import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApp } from "../../../src/app/app.ts";
import type { Settings } from "../../../src/config/files/schema.ts";
import type { Decision } from "../../../src/core/decision.ts";
import {
  type Catalog,
  type CatalogServer,
  createCatalog,
  startCatalogServer,
} from "../../../src/simulator/simulator.ts";
import { allSettings } from "../../builders/world.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";

/** A catalog on loopback, and directories for a chart and its state. */
export interface DryWorld {
  readonly catalog: Catalog;
  readonly chart: string;
  readonly stateDir: string;
  /** Settings of this world with these besides. */
  settings(content?: Readonly<Record<string, unknown>>): Settings;
  service(name: string, port: number, tags?: readonly string[]): void;
  remove(name: string): void;
  /** Charts once, as `portolan once` does, whatever is held; the decision about the main chart. */
  publish(settings?: Settings, isConfirmed?: boolean): Promise<Decision>;
  /** A portolan that runs, and passes when it is told to. */
  run(settings: Settings): Promise<RunningPortolan>;
  /** Every file below the world's directory with its text, its time and its mode. */
  files(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface RunningPortolan {
  /** Reads the catalog and passes, whatever is held; the decision about the main chart. */
  pass(): Promise<Decision>;
  /** As SIGHUP. */
  adopt(settings: Settings): Promise<void>;
  stop(): Promise<void>;
}

export async function createDryWorld(): Promise<DryWorld> {
  const root = mkdtempSync(join(tmpdir(), "portolan-dry-"));
  const catalog = createCatalog();
  const server: CatalogServer = await startCatalogServer({ catalog });
  const chart = join(root, "dynamic", "portolan.yml");
  const stateDir = join(root, "state");
  mkdirSync(join(root, "dynamic"));
  const settings: DryWorld["settings"] = (content = {}) => ({
    id: JSON.stringify(content),
    ...allSettings({ consul: { address: server.url }, output: { file: chart }, stateDir, ...content }),
  });
  return {
    ...{ catalog, chart, stateDir, settings },
    service(name, port, tags = ["traefik.enable=true"]) {
      catalog.register({
        Node: "node-1",
        Address: "192.168.11.11",
        Service: { ID: name, Service: name, Port: port, Tags: tags },
      });
    },
    remove: (name) => catalog.deregister({ Node: "node-1", ServiceID: name }),
    async publish(by = settings(), isConfirmed = false) {
      const running = await run(by, isConfirmed);
      try {
        return await running.pass();
      } finally {
        await running.stop();
      }
    },
    run: (by) => run(by),
    files() {
      const found = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
      return Object.fromEntries(
        found.map((name) => {
          const { mode, mtimeMs, isFile } = {
            ...statSync(join(root, name)),
            isFile: statSync(join(root, name)).isFile(),
          };
          return [name, `${mode} ${mtimeMs} ${isFile ? readFileSync(join(root, name), "latin1") : ""}`];
        }),
      );
    },
    async close() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function run(settings: Settings, isConfirmed = false): Promise<RunningPortolan> {
  const app = await openApp(settings, createRecordingLog(), isConfirmed);
  const ended = new AbortController();
  for (const edge of app.edges) await edge.takeChart();
  return {
    async pass() {
      await Promise.all(app.catalogs.map(({ source }) => source.confirm(ended.signal)));
      const decisions: (Decision | undefined)[] = [];
      for (const { daemon } of app.edges) decisions.push(await daemon.pass(0, ended.signal));
      if (decisions[0] === undefined) throw new Error("nothing was charted");
      return decisions[0];
    },
    adopt: app.adopt,
    async stop() {
      ended.abort();
      for (const edge of app.edges) await edge.releaseChart();
      await app.close();
    },
  };
}
