import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import { startCatalog } from "../catalogs/start-catalog.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { Peer } from "./peer.ts";
import { startPortolanDaemon } from "./portolan-daemon.ts";

/** Portolan before a Traefik that watches the directory of its chart. */
export function startPortolan(stage: Stage): Promise<Peer> {
  return startWithTeardown(async (teardown) => {
    const catalog = await startCatalog(stage);
    teardown.add(catalog.stop);
    const watched = await mkdtemp(join(tmpdir(), "portolan-bench-watched-"));
    teardown.add(() => rm(watched, { recursive: true, force: true }));
    // Before there is a chart: with 25,000 routers it would not answer for long.
    const traefik = await startRealTraefik(stage.traefik, {
      args: fileProvider(watched),
      throttleMs: stage.options.throttleMs,
      logLevel: "ERROR",
    });
    teardown.add(traefik.stop);
    const daemon = await startPortolanDaemon(catalog, stage, watched);
    teardown.add(daemon.stop);
    return {
      name: "portolan",
      url: traefik.url,
      daemon,
      prepare: catalog.prepare,
      traffic: catalog.traffic,
      stop: teardown.run,
    };
  });
}
