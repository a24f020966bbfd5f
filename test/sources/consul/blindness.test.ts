import { describe, expect, test } from "vitest";
import { type Acl, createAcl } from "../../../src/simulator/acl/acl.ts";
import { send } from "../../../src/simulator/api/answer.ts";
import { losesLeader } from "../../../src/simulator/faults/faults.ts";
import { inWorld, move, register, type World, type WorldOptions } from "./world.ts";

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0002";
const SERVICES = 'service_prefix "" { policy = "read" }';
const NODES = 'node_prefix "" { policy = "read" }';

const OPTIONS: WorldOptions = {
  token: TOKEN,
  // What a token may no longer see shows when a query ends: soon.
  waitMs: 150,
  prepare(catalog) {
    for (const service of ["s1", "s2", "s3"]) {
      register(catalog, { service });
      register(catalog, { service, id: `${service}-b`, node: "node-2" });
    }
  },
};

/** A catalog that denies by default, with a token that may read everything, watched by one strategy. */
async function inSight(
  strategy: string,
  version: "1.8" | "1.13",
  play: (world: World, rights: (rules: string) => void) => Promise<void>,
): Promise<void> {
  const acl = createAcl({ managementToken: "b1ab5e12-c0de-4000-8000-00c0ffee0001" });
  grant(acl, SERVICES + NODES);
  acl.createToken({ SecretID: TOKEN, Policies: ["portolan"] });
  await inWorld({ ...OPTIONS, strategy, server: { acl, version } }, (world) =>
    play(world, (rules) => grant(acl, rules)),
  );
}

function grant(acl: Acl, Rules: string): void {
  acl.writePolicy({ Name: "portolan", Rules });
}

const complete = ({ source }: World) => source.snapshot()?.instances.length === 6;

describe.each(["per-service", "per-node", "sweep"])("watched %s", (strategy) => {
  test("a token that loses its policy: what disappears does so under a sign, and is back within two seconds of its return", async () => {
    await inSight(strategy, "1.8", async (world, rights) => {
      await world.eventually("everything", () => complete(world));
      expect(world.source.snapshot()).not.toHaveProperty("partialViewReasons");
      rights("");
      await world.eventually(
        "something to be noticed",
        () => !complete(world) || world.reported.failures.length > 0,
        4_000,
      );
      if (!complete(world)) expect(world.source.snapshot()?.partialViewReasons).toEqual(["no-servers"]);
      rights(SERVICES + NODES);
      move(world.catalog, "s1", 25_000);
      await world.eventually("everything, and the news", () => complete(world) && world.ports("s1").includes(25_000));
      await world.eventually("the sign to go", () => world.source.state().partialViewReasons.length === 0);
    });
  });

  test("a token that loses the right to read nodes: an error that names it, and nothing disappears", async () => {
    await inSight(strategy, "1.8", async (world, rights) => {
      await world.eventually("everything", () => complete(world));
      rights(SERVICES);
      await world.eventually(
        "the failure",
        () => world.reported.failures.some(({ code }) => code === "E_CATALOG_DENIED"),
        4_000,
      );
      expect(world.reported.failures.at(-1)?.message).toContain('node_prefix "" { policy = "read" }');
      expect(complete(world)).toBe(true);
      rights(SERVICES + NODES);
      move(world.catalog, "s1", 25_000);
      await world.eventually("the news", () => complete(world) && world.ports("s1").includes(25_000));
      await world.eventually("its end", () => world.source.state().consecutiveFailures === 0);
    });
  });

  test("a token that loses the right to read services: nothing disappears unless under a sign", async () => {
    await inSight(strategy, "1.8", async (world, rights) => {
      await world.eventually("everything", () => complete(world));
      rights(NODES);
      const isNoticed = () => world.reported.failures.length > 0 || world.source.state().partialViewReasons.length > 0;
      await world.eventually("the loss", isNoticed, 4_000);
      if (!complete(world)) expect(world.source.snapshot()?.partialViewReasons).toEqual(["no-servers"]);
      rights(SERVICES + NODES);
      await world.eventually(
        "everything",
        () => complete(world) && world.source.state().partialViewReasons.length === 0,
      );
    });
  });
});

test("a newer Consul says itself that it filters", async () => {
  await inSight("per-service", "1.13", async (world, rights) => {
    await world.eventually("everything", () => complete(world));
    rights(`service "s2" { policy = "deny" } ${SERVICES} ${NODES}`);
    await world.eventually("the loss", () => world.ports("s2").length === 0, 4_000);
    expect(world.source.snapshot()?.partialViewReasons).toContain("filtered");
    rights(SERVICES + NODES);
    await world.eventually("its return", () => complete(world) && world.source.state().partialViewReasons.length === 0);
    expect(world.reported.sights).toEqual(["+filtered", "-filtered"]);
  });
});

test("servers without a leader are a sign, and their silence is no emptiness", async () => {
  await inWorld({ ...OPTIONS, token: "" }, async (world) => {
    await world.eventually("everything", () => complete(world));
    world.server.faults.set("*", losesLeader());
    await world.eventually("the sign", () => world.source.state().partialViewReasons.includes("no-leader"), 4_000);
    expect(complete(world)).toBe(true);
    world.server.faults.clear();
    await world.eventually("its end", () => world.source.state().partialViewReasons.length === 0);
  });
});

test.each([
  { how: "at once", afterMs: 0 },
  // The next one would come ten times as late.
  { how: "after half a second", afterMs: 500 },
])("a read that fails $how while something is hidden is no failure any more when nothing is", async ({ afterMs }) => {
  await inSight("per-service", "1.8", async (world, rights) => {
    await world.eventually("everything", () => complete(world));
    rights("");
    await world.eventually("the sign", () => world.source.state().partialViewReasons.length > 0, 4_000);
    // The complete reads meet it; the list, which is polled with an index, does not.
    const isComplete = (url: string) => !url.includes("index=");
    world.server.faults.set("/v1/catalog/services", async ({ request, response, answer, clock, gone }) => {
      if (!isComplete(request.url ?? "")) return send(response, await answer());
      await clock.sleep(afterMs, gone);
      return send(response, { status: 500, headers: {}, body: "not now" });
    });
    await world.eventually("a failed read", () => world.reported.failures.length > 0, 4_000);
    rights(SERVICES + NODES);
    await world.eventually("the sign to go", () => world.source.state().partialViewReasons.length === 0, 4_000);
    await world.eventually("the failure to be over", () => world.source.state().consecutiveFailures === 0, 4_000);
  });
});
