import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CatalogAnswer, type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend } from "./backends.ts";
import { buildWorld, checkOnly, instance, nodeOnly, serviceCheck, sortedTags } from "./world.ts";

/** Long enough to tell a wake-up from the end of the wait, on a busy machine. */
const WAIT_MS = 300;

/** The end of a wait is spread over a sixteenth of it; the rest is for a busy machine. */
const WAIT_LATEST_MS = WAIT_MS + WAIT_MS / 16 + 300;

interface Poll {
  readonly path: string;
  readonly before: CatalogAnswer;
  readonly after: CatalogAnswer;
}

/** Blocks on all paths at their present indexes, makes the change, and gives every answer. */
async function pollAround(
  client: CatalogClient,
  paths: readonly string[],
  change: () => Promise<void>,
): Promise<readonly Poll[]> {
  const before = await Promise.all(paths.map((path) => client.get(path)));
  const after = paths.map((path, i) => client.get(path, `index=${before[i]?.index}&wait=${WAIT_MS}ms`));
  // A blocked query cannot be observed from outside. One that arrives after the change could be answered by its index
  // alone, which is another rule than the one under test.
  await sleep(100);
  await change();
  const answers = await Promise.all(after);
  return paths.map((path, i) => ({ path, before: before[i]!, after: answers[i]! }));
}

/** The paths whose query ended before its wait was over. */
async function wokenBy(
  client: CatalogClient,
  paths: readonly string[],
  change: () => Promise<void>,
): Promise<readonly string[]> {
  const polls = await pollAround(client, paths, change);
  return polls.filter(({ after }) => after.elapsedMs < WAIT_MS).map(({ path }) => path);
}

const WATCHED = [
  "/v1/catalog/services",
  "/v1/catalog/nodes",
  "/v1/catalog/node/n1",
  "/v1/catalog/node/n2",
  "/v1/catalog/service/alpha",
  "/v1/catalog/service/beta",
  "/v1/health/service/alpha",
  "/v1/health/service/beta",
  "/v1/health/state/any",
  "/v1/health/state/passing",
  "/v1/health/state/critical",
  "/v1/health/state/warning",
  "/v1/health/node/n1",
  "/v1/health/node/n2",
];

/** Which of the paths above wake on what, "/v1/" left out. */
const WAKES: readonly {
  readonly what: string;
  readonly change: (client: CatalogClient) => Promise<void>;
  readonly wakes: readonly string[];
}[] = [
  {
    what: "a port that changes",
    change: (client) => client.register(instance("n1", "alpha", { Tags: ["web", "blue"], Port: 20001 })),
    wakes: ["catalog/services", "catalog/node/n1", "catalog/service/alpha", "health/service/alpha"],
  },
  {
    what: "a port that changes in a registration that repeats the check",
    change: (client) => client.register(instance("n1", "alpha", { Tags: ["web", "blue"], Port: 20001 }, "passing")),
    wakes: [
      ...["catalog/services", "catalog/node/n1", "catalog/service/alpha", "health/service/alpha"],
      ...["health/state/any", "health/state/passing", "health/node/n1"],
    ],
  },
  {
    what: "tags that change their order",
    change: (client) => client.register(instance("n1", "alpha", { Tags: ["blue", "web"] })),
    wakes: ["catalog/services", "catalog/node/n1", "catalog/service/alpha", "health/service/alpha"],
  },
  {
    what: "a new service",
    change: (client) => client.register(instance("n2", "epsilon")),
    wakes: ["catalog/services", "catalog/node/n2"],
  },
  {
    what: "an identical registration of a service",
    change: (client) => client.register(instance("n2", "beta")),
    wakes: [],
  },
  {
    what: "an identical registration of a check",
    change: (client) => client.register(checkOnly("n2", serviceCheck("beta", "passing"))),
    wakes: ["health/state/any", "health/state/passing", "health/node/n2"],
  },
  {
    what: "a check that turns critical",
    change: (client) => client.register(checkOnly("n2", serviceCheck("beta", "critical"))),
    wakes: [
      ...["health/service/beta", "health/state/any", "health/state/passing", "health/state/critical"],
      "health/node/n2",
    ],
  },
  {
    what: "a critical check that turns passing",
    change: (client) => client.register(checkOnly("n3", serviceCheck("gamma", "passing"))),
    wakes: ["health/state/any", "health/state/passing", "health/state/critical"],
  },
  {
    what: "another output of a passing check",
    change: (client) => client.register(checkOnly("n2", serviceCheck("beta", "passing", "12 ms"))),
    wakes: ["health/service/beta", "health/state/any", "health/state/passing", "health/node/n2"],
  },
  {
    what: "a node check that turns critical",
    change: (client) => client.register(checkOnly("n2", { CheckID: "serfHealth", Name: "serf", Status: "critical" })),
    wakes: [
      ...["health/service/alpha", "health/service/beta", "health/state/any", "health/state/critical"],
      "health/node/n2",
    ],
  },
  {
    what: "a node whose metadata change",
    change: (client) => client.register(nodeOnly("n2", { rack: "7" })),
    wakes: [
      ...["catalog/nodes", "catalog/node/n2", "catalog/service/alpha", "catalog/service/beta"],
      ...["health/service/alpha", "health/service/beta"],
    ],
  },
  { what: "a new node", change: (client) => client.register(nodeOnly("n4")), wakes: ["catalog/nodes"] },
  {
    what: "a deregistered check",
    change: (client) => client.deregister({ Node: "n2", CheckID: "service:beta" }),
    wakes: ["health/service/beta", "health/state/any", "health/state/passing", "health/node/n2"],
  },
  {
    what: "the deregistration of a service's last instance",
    change: (client) => client.deregister({ Node: "n2", ServiceID: "beta" }),
    wakes: [
      ...["catalog/services", "catalog/node/n2", "catalog/service/beta", "health/service/beta"],
      ...["health/state/any", "health/state/passing", "health/node/n2"],
    ],
  },
  {
    what: "the deregistration of something unknown",
    change: (client) => client.deregister({ Node: "n2", ServiceID: "nothing" }),
    wakes: [],
  },
  {
    what: "the deregistration of a node, but not the query on that node",
    change: (client) => client.deregister({ Node: "n1" }),
    wakes: [
      ...["catalog/services", "catalog/nodes", "catalog/service/alpha", "health/service/alpha"],
      ...["health/state/any", "health/state/passing", "health/node/n1"],
    ],
  },
  {
    what: "an instance that takes another name, but not the queries on the old name",
    change: (client) => client.register(instance("n2", "beta", { Service: "zeta" })),
    wakes: ["catalog/services", "catalog/node/n2"],
  },
];

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("blocks", () => {
    let backend: Backend;
    let client: CatalogClient;

    beforeAll(async () => {
      backend = await start!();
      client = createCatalogClient(backend.url);
    });
    afterAll(() => backend.stop());

    describe("before any service has vanished", () => {
      test("a query on a name without instances wakes on other services", async () => {
        const paths = ["/v1/health/service/never", "/v1/catalog/service/never"];
        expect(await wokenBy(client, paths, () => client.register(instance("n1", "alpha")))).toEqual(paths);
      });
    });

    describe("with services", () => {
      beforeEach(() => buildWorld(client));

      test.each(WAKES)("$what", async ({ change, wakes }) => {
        const woken = await wokenBy(client, WATCHED, () => change(client));
        expect(woken.map((path) => path.replace("/v1/", ""))).toEqual(wakes);
      });

      test.each(["", "index=0", "index=1", "index=&wait=5s"])("?%s answers at once", async (params) => {
        const { status, elapsedMs } = await client.get("/v1/catalog/services", params);
        expect(status).toBe(200);
        expect(elapsedMs).toBeLessThan(WAIT_MS);
      });

      test("the present index blocks for the wait and at most a sixteenth more, and comes back unchanged", async () => {
        const before = await client.get("/v1/catalog/services");
        const after = await client.get("/v1/catalog/services", `index=${before.index}&wait=${WAIT_MS}ms`);
        expect(after.index).toBe(before.index);
        expect(sortedTags(after.body)).toEqual(sortedTags(before.body));
        expect(after.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
        expect(after.elapsedMs).toBeLessThan(WAIT_LATEST_MS);
      });

      test("an index from the future blocks for the whole wait and comes back lower", async () => {
        const { index } = await client.get("/v1/catalog/services");
        const future = index + 1_000_000;
        const answer = await client.get("/v1/catalog/services", `index=${future}&wait=${WAIT_MS}ms`);
        expect(answer.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
        expect(answer.index).toBe(index);
      });

      test("a wake-up moves the index, and catalog/services wakes even though its body is the same", async () => {
        const [poll] = await pollAround(client, ["/v1/catalog/services"], () =>
          client.register(instance("n2", "beta", { Port: 20001 })),
        );
        expect(poll!.after.elapsedMs).toBeLessThan(WAIT_MS);
        expect(poll!.after.index).toBeGreaterThan(poll!.before.index);
        expect(sortedTags(poll!.after.body)).toEqual(sortedTags(poll!.before.body));
      });

      test("the index of a node's query is the table's: asked again after a change elsewhere, it answers at once", async () => {
        const { index } = await client.get("/v1/catalog/node/n1");
        await client.register(instance("n2", "beta", { Port: 20001 }));
        const answer = await client.get("/v1/catalog/node/n1", `index=${index}&wait=5s`);
        expect(answer.elapsedMs).toBeLessThan(WAIT_MS);
        expect(answer.index).toBeGreaterThan(index);
      });

      test("an index can move without waking a query: a service's with its checks, the table's with a node check's end", async () => {
        const paths = ["/v1/catalog/service/beta", "/v1/catalog/services"];
        await client.register(checkOnly("n2", { CheckID: "serfHealth", Name: "serf", Status: "passing" }));
        const polls = await pollAround(client, paths, () => client.deregister({ Node: "n2", CheckID: "serfHealth" }));
        for (const { path, before, after } of polls) {
          expect(after.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
          expect(after.index).toBe(before.index);
          expect((await client.get(path)).index).toBeGreaterThan(before.index);
        }
      });

      test("while a state has no checks, its query wakes on every check", async () => {
        await client.deregister({ Node: "n3" });
        const paths = ["/v1/health/state/critical", "/v1/health/state/warning"];
        const change = () => client.register(checkOnly("n1", serviceCheck("alpha", "passing")));
        expect(await wokenBy(client, paths, change)).toEqual(paths);
      });

      test("a filter decides what a query shows, not what wakes it", async () => {
        const unhealthy = `/v1/health/state/any?filter=${encodeURIComponent('Status != "passing"')}`;
        const [poll] = await pollAround(client, [unhealthy], () =>
          client.register(checkOnly("n2", serviceCheck("beta", "passing", "12 ms"))),
        );
        expect(poll!.after.elapsedMs).toBeLessThan(WAIT_MS);
        const statuses = (poll!.after.body as { Status: string }[]).map(({ Status }) => Status);
        expect(new Set(statuses)).toEqual(new Set(["critical", "warning"]));
      });

      test("while a node has no services, its query wakes on those of other nodes", async () => {
        await client.deregister({ Node: "n1", ServiceID: "alpha" });
        const change = () => client.register(instance("n2", "beta", { Port: 20001 }));
        expect(await wokenBy(client, ["/v1/catalog/node/n1"], change)).toEqual(["/v1/catalog/node/n1"]);
      });

      test("a query with a tag sleeps while only instances without the tag change", async () => {
        const paths = ["/v1/health/service/alpha?tag=blue", "/v1/health/service/alpha"];
        const change = () => client.register(checkOnly("n2", serviceCheck("alpha", "critical")));
        expect(await wokenBy(client, paths, change)).toEqual(["/v1/health/service/alpha"]);
      });

      test("a query on a name without instances wakes when some service vanishes, not when one is registered", async () => {
        await client.deregister({ Node: "n3", ServiceID: "delta" });
        const path = "/v1/health/service/never";
        const registered = await wokenBy(client, [path], () => client.register(instance("n2", "epsilon")));
        expect(registered).toEqual([]);
        const vanished = await wokenBy(client, [path], () => client.deregister({ Node: "n2", ServiceID: "epsilon" }));
        expect(vanished).toEqual([path]);
      });

      test("the index of a name can go back when its instance takes another name", async () => {
        await client.deregister({ Node: "n3", ServiceID: "delta" });
        await client.register(instance("n2", "beta", { Port: 20001 }));
        const { index } = await client.get("/v1/health/service/beta");
        await client.register(instance("n2", "beta", { Service: "zeta" }));
        const after = await client.get("/v1/health/service/beta");
        expect(after.body).toEqual([]);
        expect(after.index).toBeLessThan(index);
      });

      test.each(["wait=10", "wait=1d", "wait=soon"])("?%s is no duration: 400", async (params) => {
        expect(await client.get("/v1/catalog/nodes", params)).toMatchObject({
          status: 400,
          body: "Invalid wait time",
        });
      });

      test.each(["wait=0", "wait=-5s", "wait=1m30.5s", "wait=24h"])("?%s is accepted", async (params) => {
        expect((await client.get("/v1/catalog/nodes", params)).status).toBe(200);
      });

      test.each(["index=x", "index=-1", "index=18446744073709551616"])("?%s is no index: 400", async (params) => {
        expect(await client.get("/v1/catalog/nodes", params)).toMatchObject({ status: 400, body: "Invalid index" });
      });
    });

    describe("after a restart without its data", () => {
      test("only the server is left, and an index from before blocks for the whole wait", async () => {
        await buildWorld(client);
        const before = await client.get("/v1/catalog/services");
        await backend.restartEmpty();
        const after = await client.get("/v1/catalog/services", `index=${before.index}&wait=${WAIT_MS}ms`);
        expect(after.body).toEqual({ consul: [] });
        expect(after.index).toBeLessThan(before.index);
        expect(after.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
      });
    });
  });
});
