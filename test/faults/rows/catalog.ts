import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { CatalogClient } from "../../support/catalog-client.ts";
import type { Stage, StageOptions } from "../../trials/stage/stage.ts";
import { BYSTANDERS, hostOf, INNOCENT, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

export const ON_DISK: StageOptions = { consul: { isPersistent: true } };

/** Consul with its data back, and a leader. */
export async function bringBack({ consul, catalog }: Stage): Promise<void> {
  await consul.restart();
  const hasLeader = async () => ((await catalog.get("/v1/status/leader")).body as string) !== "";
  await until(hasLeader, { timeoutMs: 15_000, what: "Consul to have a leader" });
}

const DOWN: Trial = {
  name: "catalog: down",
  stage: ON_DISK,
  takesNews: false,
  begin: ({ consul }) => consul.kill("SIGKILL"),
  end: bringBack,
  tells: ["source.failing", "source.recovered"],
};

const OPERATOR = "11111111-2222-3333-4444-555555555555";

/** Consul that refuses by default; the reader has a token of its own with the rights that the manual names. */
export const WITH_ACL: StageOptions = {
  consul: {
    hcl: `acl { enabled = true, default_policy = "deny", tokens { master = "${OPERATOR}", agent = "${OPERATOR}" } }`,
    token: OPERATOR,
  },
  operatorToken: OPERATOR,
  async token(catalog) {
    // A new cluster refuses every request until its ACLs are in place.
    const hasPolicy = async () => (await makePolicy(catalog)) === 200;
    await until(hasPolicy, { timeoutMs: 10_000, what: "Consul to take a policy", everyMs: 100 });
    return makeToken(catalog);
  },
};

async function makePolicy(catalog: CatalogClient): Promise<number> {
  const rules = 'service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }';
  return (await catalog.put("/v1/acl/policy", JSON.stringify({ Name: "portolan", Rules: rules }))).status;
}

export async function makeToken(catalog: CatalogClient): Promise<string> {
  const body = JSON.stringify({ Policies: [{ Name: "portolan" }] });
  return ((await catalog.put("/v1/acl/token", body)).body as { SecretID: string }).SecretID;
}

/** How many requests portolan has sent for what is registered on a node. */
async function nodeReads(portolanUrl: string): Promise<number> {
  const metrics = await (await fetch(`${portolanUrl}/metrics`)).text();
  return Number(/endpoint="\/v1\/catalog\/node"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

/** The accessor of the token that the peer reads with. */
async function accessorOf(catalog: CatalogClient, secret: string): Promise<string> {
  const list = (await catalog.get("/v1/acl/tokens")).body as { AccessorID: string; Description: string }[];
  for (const { AccessorID } of list) {
    const token = (await catalog.get(`/v1/acl/token/${AccessorID}`)).body as { SecretID: string };
    if (token.SecretID === secret) return AccessorID;
  }
  throw new Error("the reader's token is not in Consul's list");
}

async function readerAccessor({ catalog, tokenFile }: Stage): Promise<string> {
  return accessorOf(catalog, await readFile(tokenFile, "utf8"));
}

export async function setPolicies(stage: Stage, policies: readonly object[]): Promise<void> {
  const accessor = await readerAccessor(stage);
  await stage.catalog.put(`/v1/acl/token/${accessor}`, JSON.stringify({ AccessorID: accessor, Policies: policies }));
}

/**
 * A policy that goes wakes no query, and a query that is open goes on with the rights it began with. So the loss shows
 * with the second change of the catalog after it.
 */
export async function ringTwice({ catalog, ports }: Stage): Promise<void> {
  for (const port of [ports.first, ports.second]) {
    await register(catalog, { service: "bell", port });
    await sleep(500);
  }
}

export const CATALOG_ROWS: readonly Trial[] = [
  DOWN,
  {
    ...DOWN,
    name: "catalog: down, portolan and Traefik restarted",
    async begin(stage) {
      await stage.consul.kill("SIGKILL");
      if (stage.peer === "portolan") {
        await stage.killPortolan();
        await stage.startPortolan();
      }
      await stage.restartTraefik();
    },
    tells: ["chart.adopted", "source.stored", "source.failing", "source.watching"],
  },
  {
    name: "catalog: back without its data",
    begin: bringBack,
    async end({ catalog, ports }) {
      // Agents register their services again.
      await register(catalog, { service: INNOCENT, port: ports.innocent });
      for (const service of BYSTANDERS) await register(catalog, { service, port: ports.others });
    },
    tells: ["chart.held", "source.failing", "chart.released"],
  },
  {
    name: "catalog: back without its data, a held port goes to another job",
    portolanOnly: true,
    async begin(stage) {
      const { catalog, ports, portolan } = stage;
      await register(catalog, { service: "guest", port: ports.first });
      const isRouted = async () => (await stage.answers(hostOf("guest"))).status === 200;
      await until(isRouted, { timeoutMs: 5_000, what: "the guest to be routed" });
      await bringBack(stage);
      // Only a registration that comes after portolan's first read of the node counts as a new holder of the port; a request
      // counts when it is sent, and the next one is sent when it was answered.
      const sentBefore = await nodeReads(portolan.url);
      const hasLooked = async () => (await nodeReads(portolan.url)) >= sentBefore + 2;
      await until(hasLooked, { timeoutMs: 20_000, what: "portolan to look at the machine" });
      await register(catalog, { service: "job", port: ports.first, tags: [] });
      const isOut = async () => !(await readFile(stage.chart, "utf8")).includes(`:${ports.first}`);
      await until(isOut, { timeoutMs: 10_000, what: "the guest's server to go" });
    },
    async end({ catalog, ports }) {
      await register(catalog, { service: INNOCENT, port: ports.innocent });
      for (const service of BYSTANDERS) await register(catalog, { service, port: ports.others });
    },
    async verify({ answers }) {
      const { status } = await answers(hostOf("guest"));
      if (status !== 503) throw new Error(`the guest's visitors get ${status}`);
    },
    tells: ["chart.held", "route.emptied"],
  },
  {
    name: "catalog: restarted",
    stage: ON_DISK,
    begin: bringBack,
    tells: ["source.failing", "source.recovered"],
  },
  {
    name: "catalog: the token loses its policy for 15 s",
    stage: WITH_ACL,
    seconds: 15,
    async begin(stage) {
      await setPolicies(stage, []);
      await ringTwice(stage);
    },
    end: (stage) => setPolicies(stage, [{ Name: "portolan" }]),
    tells: ["chart.held"],
  },
  {
    name: "catalog: the token is revoked, another comes by its file",
    stage: WITH_ACL,
    portolanOnly: true,
    async begin(stage) {
      const accessor = await readerAccessor(stage);
      await fetch(`${stage.consul.url}/v1/acl/token/${accessor}`, {
        method: "DELETE",
        headers: { "X-Consul-Token": OPERATOR },
      });
      await ringTwice(stage);
    },
    async end(stage) {
      await writeFile(stage.tokenFile, await makeToken(stage.catalog));
    },
    tells: ["source.failing", "source.recovered"],
  },
  {
    name: "catalog: stopped and continued",
    begin: ({ consul }) => consul.kill("SIGSTOP"),
    end: ({ consul }) => consul.kill("SIGCONT"),
    takesNews: false,
    tells: [],
  },
  {
    name: "catalog: the cable is unplugged",
    begin: async ({ relay }) => relay.freeze(),
    end: async ({ relay }) => relay.thaw(),
    tells: [],
  },
];
