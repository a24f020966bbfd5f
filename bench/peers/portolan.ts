import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDefaultCertificate } from "../../test/support/default-certificate.ts";
import { fileProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import { startCatalog } from "../catalogs/start-catalog.ts";
import type { PeerName } from "../options.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { Peer } from "./peer.ts";
import { startPortolanDaemon } from "./portolan-daemon.ts";

/** The same services in the Consul that portolan brings along, beside a Nomad. */
export function startPortolanByConsul(stage: Stage): Promise<Peer> {
  return startPortolan({ ...stage, options: { ...stage.options, catalog: "embedded" } }, "portolan-consul");
}

/** The build that the present one is compared with. */
export function startPortolanBefore(stage: Stage): Promise<Peer> {
  const { before = stage.program } = stage;
  return startPortolan({ ...stage, program: before }, "portolan-before");
}

/** Portolan before a Traefik that watches the directory of its chart. */
export function startPortolan(stage: Stage, name: PeerName = "portolan"): Promise<Peer> {
  return startWithTeardown(async (teardown) => {
    const catalog = await startCatalog(stage);
    teardown.add(catalog.stop);
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-directory-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    const watched = join(directory, "dynamic");
    await mkdir(watched);
    if (stage.options.hasDefaultCertificate) await writeDefaultCertificate(watched, directory);
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
      name,
      url: traefik.url,
      daemon,
      prepare: catalog.prepare,
      traffic: catalog.traffic,
      stop: teardown.run,
    };
  });
}
