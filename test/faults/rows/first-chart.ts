import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { FaultRow } from "../row.ts";
import type { Stage } from "../stage.ts";
import { BYSTANDERS, register } from "../world.ts";
import { bringBack, makeToken, WITH_ACL } from "./catalog.ts";

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

export const FIRST_CHART_ROWS: readonly FaultRow[] = [
  {
    name: "process: started before Consul and before its token file",
    portolanOnly: true,
    stage: { ...WITH_ACL, consul: { ...WITH_ACL.consul, isPersistent: true } },
    // Each service that comes has its line.
    mostLogLines: 300,
    begin: startLate,
    tells: ["source.failing", "source.recovered"],
  },
];
