import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobSpec, NomadCluster } from "../test/nomad/cluster.ts";
import { startEmbeddedCluster } from "../test/nomad/embedded-cluster.ts";
import { askCluster } from "../test/nomad/questions.ts";
import { until } from "../test/support/await-until.ts";
import { writeDefaultCertificate } from "../test/support/default-certificate.ts";
import { fileProvider, startRealTraefik } from "../test/support/real-traefik.ts";
import { startProbe } from "../test/trials/stage/innocent-probe.ts";
import type { Figures } from "./figures.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { get } from "./probe.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";
import { hostOf, tagsOf } from "./world.ts";

const PATIENCE_MS = 30_000;

/** The task needs a moment to listen, and answers on for a moment once it is stopped. */
function job(id: string, more: Partial<JobSpec> = {}): JobSpec {
  return { id, answer: id, tags: tagsOf(id), startMs: 1_500, shutdownDelayMs: 2_000, ...more };
}

/** What deploys of Nomad's jobs cost those who ask, behind a Traefik with the throttle of the flags: each some times. */
export async function measureDeploys(stage: Stage, figures: Figures): Promise<void> {
  const { options, signal } = stage;
  const teardown = createTeardown();
  try {
    const cluster = await startEmbeddedCluster();
    teardown.add(() => cluster.close());
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-deploys-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    const watched = join(directory, "dynamic");
    await mkdir(watched);
    await writeDefaultCertificate(watched, directory);
    const { throttleMs } = options;
    const traefik = await startRealTraefik(stage.traefik, {
      args: fileProvider(watched),
      throttleMs,
      logLevel: "ERROR",
    });
    teardown.add(traefik.stop);
    const resident: JobSpec = { ...job("resident"), startMs: 0, isSystem: true };
    await cluster.run(resident);
    const daemon = await startPortolanDaemon(
      { url: cluster.address },
      { ...stage, options: { ...options, catalog: "nomad" } },
      watched,
    );
    teardown.add(daemon.stop);
    for (let round = 0; round < options.changes; round += 1) {
      signal.throwIfAborted();
      say(`round ${round + 1} of ${options.changes}`);
      figures.record("portolan", "all", "checked", await fromSuccessToRoute(cluster, traefik.url, `checked-${round}`));
      figures.record(
        "portolan",
        "all",
        "refused",
        await refusedByRollingDeploy(cluster, traefik.url, `rolled-${round}`),
      );
      figures.record("portolan", "all", "gap", await gapOfBlueGreen(cluster, traefik.url, `swapped-${round}`));
    }
  } finally {
    await teardown.run();
  }
}

/** From Nomad's own first success of the check to the first answer, in milliseconds. */
async function fromSuccessToRoute(cluster: NomadCluster, url: string, id: string): Promise<number> {
  const { get: ask } = askCluster(cluster);
  await cluster.run(job(id));
  const [one] = await eventually("an allocation", async () => {
    const { body } = await ask(`/v1/job/${id}/allocations`);
    return Array.isArray(body) && body.length > 0 ? (body as { readonly ID: string }[]) : undefined;
  });
  await eventually("a success", async () => {
    const { body } = await ask(`/v1/client/allocation/${one?.ID}/checks`);
    return Object.values((body ?? {}) as Record<string, { readonly Status: string }>).some(
      ({ Status }) => Status === "success",
    );
  });
  const successAtMs = performance.now();
  await routed(url, id, id);
  const tookMs = performance.now() - successAtMs;
  await cluster.stop(id);
  return tookMs;
}

/** Of sixty questions a second to a service of two while it is updated, how many have another answer than 200. */
async function refusedByRollingDeploy(cluster: NomadCluster, url: string, id: string): Promise<number> {
  await cluster.run(job(id, { count: 2 }));
  await routed(url, id, id);
  await askCluster(cluster).settled(id);
  const probe = startProbe(url, hostOf(id), [id, "next"]);
  await cluster.run(job(id, { count: 2, answer: "next" }));
  await askCluster(cluster).settled(id);
  await routed(url, id, "next");
  const { asked, good } = await probe.stop();
  await cluster.stop(id);
  return asked - good;
}

/** For how long a host has no good answer when it passes from the job that is stopped to the one that waits, in milliseconds. */
async function gapOfBlueGreen(cluster: NomadCluster, url: string, id: string): Promise<number> {
  const [blue, green] = [`${id}-blue`, `${id}-green`];
  const tags = (name: string) => ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${hostOf(id)}\`)`];
  await cluster.run(job(blue, { tags: tags(blue) }));
  await routed(url, id, blue);
  await cluster.run(job(green, { tags: tags(green) }));
  await askCluster(cluster).settled(green);
  const probe = startProbe(url, hostOf(id), [blue, green]);
  await cluster.stop(blue);
  await routed(url, id, green);
  const { badFromMs, badUntilMs } = await probe.stop();
  await cluster.stop(green);
  return badFromMs === undefined || badUntilMs === undefined ? 0 : badUntilMs - badFromMs;
}

async function routed(url: string, service: string, text: string): Promise<void> {
  await eventually(`${service} to be answered by ${text}`, async () => {
    const answer = await get(url, hostOf(service));
    return answer.status === 200 && answer.text === text;
  });
}

function eventually<T>(what: string, condition: () => Promise<T>) {
  return until(condition, { what, timeoutMs: PATIENCE_MS, everyMs: 5 });
}
