import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { BYSTANDERS, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { bringBack, makeToken, ringTwice, setPolicies, WITH_ACL } from "./catalog.ts";

/** So many that a server needs a moment to read them from its log. */
const MORE_SERVICES = 100;

function lateFiles({ root }: Stage) {
  return {
    output: join(root, "late", "portolan.yml"),
    stateDir: join(root, "late-state"),
    token: join(root, "late-token"),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}

/** Another portolan that begins with nothing, before Consul is there and before its token. */
async function startLate(stage: Stage): Promise<void> {
  const { output, stateDir, token } = lateFiles(stage);
  for (let number = 0; number < MORE_SERVICES; number += 1) {
    await register(stage.catalog, { service: `more-${number}`, port: stage.ports.others });
  }
  await mkdir(dirname(output));
  await stage.consul.kill("SIGKILL");
  await stage.startPortolan({ output, stateDir, environment: { CONSUL_HTTP_TOKEN_FILE: token } });
  await sleep(1_000);
  await bringBack(stage);
  await sleep(2_000);
  if ((await textOf(output)) !== undefined) throw new Error("a chart was written before there was a token");
  await writeFile(token, await makeToken(stage.catalog));
  const first = await until(() => textOf(output), { timeoutMs: 5_000, what: "the first chart", everyMs: 5 });
  const routers = first.match(/"rule":/g)?.length ?? 0;
  const wanted = 1 + BYSTANDERS.length + MORE_SERVICES;
  if (routers !== wanted) throw new Error(`the first chart has ${routers} of ${wanted} routers`);
}

/** Tags that another portolan reads, by a prefix of its own: to it the catalog has one service. */
const LONE_TAGS = ["lone.enable=true", "lone.http.routers.lone.rule=Host(`lone.test`)"];
const NARROW_RULES = 'service_prefix "" { policy = "read" }';

async function untilLoneAnswers(stage: Stage): Promise<void> {
  const isAnswered = async () => (await stage.answers("lone.test")).status === 200;
  await until(isAnswered, { timeoutMs: 10_000, what: "the lone service to be routed" });
}

/** One service, and a token that may no longer read nodes; to one portolan that knows it, and to one that begins. */
async function narrowToken(stage: Stage): Promise<void> {
  const { root, watched, catalog, ports } = stage;
  const settingsFile = join(root, "lone.settings.yml");
  await writeFile(settingsFile, JSON.stringify({ traefik: { prefix: "lone" }, consul: { wait: "2s", resync: "5s" } }));
  await register(catalog, { service: "lone", port: ports.others, tags: LONE_TAGS });
  await stage.startPortolan({ settingsFile, output: join(watched, "lone.yml"), stateDir: join(root, "lone-state") });
  await untilLoneAnswers(stage);
  const rules = JSON.stringify({ Name: "narrow", Rules: NARROW_RULES });
  await catalog.put("/v1/acl/policy", rules);
  await setPolicies(stage, [{ Name: "narrow" }]);
  await ringTwice(stage);
  const output = join(root, "late", "portolan.yml");
  await mkdir(dirname(output));
  await stage.startPortolan({ settingsFile, output, stateDir: join(root, "late-state") });
  // Longer than a hold that waits for a confirmation, and than two complete reads.
  await sleep(16_000);
  if ((await textOf(output)) !== undefined) throw new Error("a first chart was written without sight of nodes");
  const { status } = await stage.answers("lone.test");
  if (status !== 200) throw new Error(`the lone service's visitors get ${status}`);
}

export const FIRST_CHART_ROWS: readonly Trial[] = [
  {
    name: "process: started before Consul and before its token file",
    portolanOnly: true,
    stage: { ...WITH_ACL, consul: { ...WITH_ACL.consul, isPersistent: true } },
    // Each service that comes has its line.
    mostLogLines: 300,
    begin: startLate,
    tells: ["source.failing", "source.recovered"],
  },
  {
    name: "catalog: one service, and the token may no longer read nodes",
    portolanOnly: true,
    stage: WITH_ACL,
    begin: narrowToken,
    end: (stage) => setPolicies(stage, [{ Name: "portolan" }]),
    async verify(stage) {
      await untilLoneAnswers(stage);
      const isCharted = async () => (await textOf(lateFiles(stage).output)) !== undefined;
      await until(isCharted, { timeoutMs: 5_000, what: "the first chart of the one that began without sight" });
    },
    tells: ["source.failing", "source.recovered"],
  },
];
