import { type ClientRequest, get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

/** With those of every stage so many as just fit into the default budget, each with a connection of its own. */
const MORE_SERVICES = 45;
const STARTS = 10;
/** How soon a start must have read the catalog, whichever it is. */
const READ_WITHIN_MS = 5_000;

/** Another program on the machine: a question on a new connection twenty times a second. Answers what became of them. */
function startBystander(consulUrl: string): { stop(): { readonly asked: number; readonly refused: number } } {
  let asked = 0;
  let refused = 0;
  const timer = setInterval(() => {
    asked += 1;
    get(`${consulUrl}/v1/status/leader`, { agent: false }, (response) => response.resume()).once("error", () => {
      refused += 1;
    });
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return { asked, refused };
    },
  };
}

async function untilWatching({ portolan }: Stage): Promise<number> {
  const startedAtMs = performance.now();
  const isWatching = () => portolan.log().includes('"source.watching"');
  await until(isWatching, { timeoutMs: 70_000, what: "the catalog to be read", everyMs: 20 });
  return performance.now() - startedAtMs;
}

async function startTenTimes(stage: Stage): Promise<void> {
  const { catalog, ports, consul } = stage;
  for (let number = 0; number < MORE_SERVICES; number += 1) {
    await register(catalog, { service: `more-${number}`, port: ports.others });
  }
  const bystander = startBystander(consul.url);
  const slow: string[] = [];
  for (let start = 1; start <= STARTS; start += 1) {
    await stage.killPortolan();
    await stage.startPortolan();
    const tookMs = await untilWatching(stage);
    if (tookMs > READ_WITHIN_MS) slow.push(`start ${start} took ${Math.round(tookMs)} ms`);
    // Until its long polls are open.
    await sleep(500);
  }
  const { asked, refused } = bystander.stop();
  if (refused > 0) slow.push(`${refused} of ${asked} questions of a bystander were refused`);
  if (slow.length > 0) throw new Error(slow.join("; "));
}

/** Connections that long polls of other programs hold. */
const others = new WeakMap<Stage, readonly ClientRequest[]>();
const LIMIT = 20;
const FREE = 3;

function holdConnection(url: string): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const polling = get(url, { agent: false });
    const isHeld = setTimeout(() => resolve(polling), 100);
    polling.once("error", (error) => {
      clearTimeout(isHeld);
      reject(error);
    });
  });
}

/** Takes all connections but three, as soon as they are free. */
async function takeConnections(stage: Stage): Promise<void> {
  const url = `${stage.consul.url}/v1/kv/nothing?index=1000000&wait=10m`;
  const held: ClientRequest[] = [];
  while (held.length < LIMIT - FREE) {
    await holdConnection(url).then(
      (one) => held.push(one),
      () => sleep(100),
    );
  }
  others.set(stage, held);
}

export const CONNECTION_ROWS: readonly Trial[] = [
  {
    name: "process: ten starts in a row, and a bystander that asks Consul throughout",
    portolanOnly: true,
    stage: { isDirect: true },
    // Each service that comes has its line.
    mostLogLines: 100,
    begin: startTenTimes,
    tells: ["chart.adopted", "source.watching"],
  },
  {
    name: "catalog: three connections are free",
    portolanOnly: true,
    stage: { isDirect: true, consul: { hcl: `limits { http_max_conns_per_client = ${LIMIT} }` } },
    async begin(stage) {
      await stage.killPortolan();
      await takeConnections(stage);
      await stage.startPortolan({ stateDir: join(stage.root, "other-state") });
      const tookMs = await untilWatching(stage);
      if (tookMs > READ_WITHIN_MS) throw new Error(`the catalog was read after ${Math.round(tookMs)} ms`);
      // The connections that were too many close, and whoever registers news has one.
      await sleep(3_000);
    },
    async end(stage) {
      await sleep(0);
      if (!stage.portolan.log().includes("limits.http_max_conns_per_client")) throw new Error("the limit is not named");
    },
    async verify(stage) {
      for (const one of others.get(stage) ?? []) one.destroy();
    },
    // Long polls take turns of half a second on two connections.
    newsWithinMs: 5_000,
    tells: ["source.short"],
  },
];
