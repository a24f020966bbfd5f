import { describe, expect, test } from "vitest";
import { holdBack } from "./hold-back.ts";
import { inWorld, register, type World } from "./world.ts";

const SERVICE = "/v1/health/service/ill";
const NODE = "/v1/catalog/node/node-1";
const CHECKS = "/v1/health/state/any";

function deregister({ catalog }: World): void {
  catalog.deregister({ Node: "node-1", ServiceID: "ill" });
}

/** Its check leaves those that do not pass, and its registration leaves the node: two long polls tell of one change. */
describe("a service whose only instance is critical and is deregistered is read once", () => {
  const inIllWorld = (live: (world: World) => Promise<void>) =>
    inWorld(
      {
        strategy: "per-node",
        waitMs: 60_000,
        prepare(catalog) {
          register(catalog, { service: "well" });
          register(catalog, { service: "ill", status: "critical" });
        },
      },
      async (world) => {
        await world.watching();
        await live(world);
      },
    );

  test.each([
    { late: "the node's poll", path: NODE },
    { late: "the poll of the checks", path: CHECKS },
  ])("when $late answers late", async ({ path }) => {
    await inIllWorld(async (world) => {
      const { server, ports, eventually } = world;
      const [asked, woken] = [server.requests.count(SERVICE), server.requests.count(path)];
      const arrive = holdBack(world, path, { says: "what was" });
      deregister(world);
      await eventually("the read", () => server.requests.count(SERVICE) > asked);
      arrive();
      await eventually("its end", () => ports("ill").length === 0);
      await eventually("the late poll's next one", () => server.requests.count(path) > woken);
      await world.watching();
      expect(server.requests.count(SERVICE)).toBe(asked + 1);
    });
  });

  test("when both polls answer before the read does", async () => {
    await inIllWorld(async (world) => {
      const { server, ports, eventually } = world;
      const [asked, polls] = [server.requests.count(SERVICE), [NODE, CHECKS]];
      const woken = polls.map((path) => server.requests.count(path));
      const arrive = holdBack(world, SERVICE, { says: "what was" });
      deregister(world);
      await eventually("both polls", () => polls.every((path, at) => server.requests.count(path) > (woken[at] ?? 0)));
      arrive();
      await eventually("its end", () => ports("ill").length === 0);
      await world.watching();
      expect(server.requests.count(SERVICE)).toBe(asked + 1);
    });
  });

  test("and once more when it comes back on another node in between", async () => {
    await inIllWorld(async (world) => {
      const { catalog, server, ports, eventually } = world;
      const asked = server.requests.count(SERVICE);
      const arrive = holdBack(world, SERVICE, { says: "what was" });
      deregister(world);
      await eventually("the read", () => server.requests.count(SERVICE) > asked);
      register(catalog, { service: "ill", node: "node-2", port: 25_000 });
      arrive();
      await eventually("its new place", () => ports("ill").includes(25_000));
    });
  });
});
