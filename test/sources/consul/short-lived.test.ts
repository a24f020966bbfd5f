import { describe, test } from "vitest";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import { holdBack } from "./hold-back.ts";
import { inWorld, move, register, type World } from "./world.ts";

const READ = "/v1/health/service/s1";
const SHORT = { service: "s1", id: "short", port: 25_000 } as const;

/** How the instance comes to its end. */
const ENDS: Readonly<Record<string, End>> = {
  "is deregistered": {
    ...{ node: "node-2", shownBy: "/v1/catalog/node/node-2" },
    end: ({ catalog }, node) => catalog.deregister({ Node: node, ServiceID: SHORT.id }),
  },
  "goes with its node": {
    ...{ node: "node-3", shownBy: "/v1/catalog/nodes" },
    end: ({ catalog }, node) => catalog.deregister({ Node: node }),
  },
};

interface End {
  readonly node: string;
  /** What is asked again when its answer has been taken. */
  readonly shownBy: PathPattern;
  end(world: World, node: string): void;
}

/** Its service was read for another reason while it was there, and no answer about its node has ever named it. */
describe.each(["per-node", "sweep"])("%s: an instance that comes and", (strategy) => {
  describe.each(Object.entries(ENDS))("%s is not kept", (_, { node, shownBy, end }) => {
    const live = (play: (world: World) => Promise<void>) =>
      inWorld(
        {
          strategy,
          prepare(catalog) {
            register(catalog, { service: "s1" });
            register(catalog, { service: "other", node: "node-2" });
          },
        },
        async (world) => {
          await world.watching();
          await play(world);
        },
      );

    test("when the answers about the node come after the one about the service", async () => {
      await live(async (world) => {
        const { catalog, ports, eventually } = world;
        const showNode = holdBack(world, `/v1/catalog/node/${node}`, { says: "what is" });
        const showNodes = holdBack(world, "/v1/catalog/nodes", { says: "what is" });
        register(catalog, { ...SHORT, node });
        move(catalog, "s1", 24_002);
        await eventually("the instance", () => ports("s1").includes(SHORT.port));
        end(world, node);
        showNode();
        showNodes();
        await eventually("its end", () => !ports("s1").includes(SHORT.port));
      });
    });

    test("when they come before it", async () => {
      await live(async (world) => {
        const { catalog, server, ports, eventually } = world;
        const showNode = holdBack(world, `/v1/catalog/node/${node}`, { says: "what is" });
        const showNodes = holdBack(world, "/v1/catalog/nodes", { says: "what is" });
        const showService = holdBack(world, READ, { says: "what was" });
        const asked = server.requests.count(READ);
        register(catalog, { ...SHORT, node });
        move(catalog, "s1", 24_002);
        await eventually("the read", () => server.requests.count(READ) > asked);
        const shown = server.requests.count(shownBy);
        end(world, node);
        showNode();
        showNodes();
        await eventually("the answer without it", () => server.requests.count(shownBy) > shown);
        showService();
        await eventually("the other instance", () => ports("s1").includes(24_002));
        await eventually("its end", () => !ports("s1").includes(SHORT.port));
      });
    });
  });
});
