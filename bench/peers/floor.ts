import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsSchema } from "../../src/config/files/schema.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory } from "../../src/core/memory.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { writeDefaultCertificate } from "../../test/support/default-certificate.ts";
import { fileProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import { snapshotOf } from "../world.ts";
import type { Peer } from "./peer.ts";

/**
 * What no program that writes a file can beat: the ready-made chart, with the change in it, is renamed into Traefik's
 * directory. From there on everything is Traefik's own time.
 */
export function startFloor({ traefik: tool, world, options }: Stage): Promise<Peer> {
  return startWithTeardown(async (teardown) => {
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-floor-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    const watched = join(directory, "dynamic");
    const chartPath = join(watched, "portolan.yml");
    const lasting = world.map(snapshotOf);
    await mkdir(watched);
    if (options.hasDefaultCertificate) await writeDefaultCertificate(watched, directory);
    const traefik = await startRealTraefik(tool, {
      args: fileProvider(watched),
      throttleMs: options.throttleMs,
      logLevel: "ERROR",
    });
    teardown.add(traefik.stop);
    let count = 0;
    async function stageChart(instances: readonly ServiceInstance[]): Promise<string> {
      count += 1;
      const staged = join(directory, `staged-${count}`);
      await writeFile(staged, chartText(instances));
      return staged;
    }
    await rename(await stageChart(lasting), chartPath);
    return {
      name: "floor",
      url: traefik.url,
      async prepare({ kind, instance, beside = [] }) {
        const there = kind === "gone" ? beside : [...beside, instance];
        const staged = await stageChart([...lasting, ...there.map(snapshotOf)]);
        return () => rename(staged, chartPath);
      },
      stop: teardown.run,
    };
  });
}

/** The bytes that portolan would publish for these instances. */
function chartText(instances: readonly ServiceInstance[]): string {
  const settings = settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." });
  return reconcile({
    snapshots: [{ source: "bench", instances, freshness: "live", readAtMs: 0 }],
    previous: initialMemory(undefined),
    settings: coreSettings(settings),
    nowMs: 0,
  }).text;
}
