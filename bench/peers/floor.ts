import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coreSettings } from "../../src/config/core-settings.ts";
import { settingsSchema } from "../../src/config/schema.ts";
import { initialMemory } from "../../src/core/memory.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import type { Tool } from "../../test/support/real-binaries.ts";
import { fileProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import type { Options } from "../options.ts";
import { type Instance, snapshotOf } from "../world.ts";
import type { Peer } from "./peer.ts";

/**
 * What nobody who writes a file can beat: the ready-made chart, with the change in it, is renamed into Traefik's
 * directory. From there on everything is Traefik's own time.
 */
export async function startFloor(traefikTool: Tool, world: readonly Instance[], options: Options): Promise<Peer> {
  const directory = await mkdtemp(join(tmpdir(), "portolan-bench-floor-"));
  const watched = join(directory, "dynamic");
  const chartPath = join(watched, "portolan.yml");
  const staged = join(directory, "staged");
  await mkdir(watched);
  await writeFile(chartPath, chartText(world));
  const traefik = await startRealTraefik(traefikTool, {
    args: fileProvider(watched),
    throttleMs: options.throttleMs,
    logLevel: "ERROR",
  });
  return {
    name: "floor",
    url: traefik.url,
    async prepare({ kind, instance }) {
      await writeFile(staged, chartText(kind === "gone" ? world : [...world, instance]));
      return () => rename(staged, chartPath);
    },
    settled: async () => {},
    async stop() {
      await traefik.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The bytes that portolan would publish for these instances. */
function chartText(instances: readonly Instance[]): string {
  const settings = settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." });
  return reconcile({
    slices: [{ source: "bench", instances: instances.map(snapshotOf), origin: "live", readAtMs: 0 }],
    previous: initialMemory(undefined, undefined),
    settings: coreSettings(settings),
    nowMs: 0,
  }).text;
}
