import { describe, expect, test } from "vitest";
import type { Rights } from "../../../src/simulator/nomad/rights.ts";
import { instance } from "../../builders/world.ts";
import { inWorld, register, type World, type WorldOptions } from "./world.ts";

/** The token of the tests is the anonymous one. */
function narrow({ catalog }: Pick<World, "catalog">, readJob: Rights["readJob"] & {}): void {
  catalog.setTokens(new Map([["", { readJob }]]));
}

const prepare: NonNullable<WorldOptions["prepare"]> = (catalog) => {
  register(catalog, "web", 24_001);
  register(catalog, "wiki", 24_002, { Namespace: "team" });
  register(catalog, "shop", 24_003, { Namespace: "team" });
};

const denied = ({ source }: World) => source.snapshot()?.deniedNamespaces;

describe.each([
  ["per-service", 12],
  ["sweep", 2],
])("by %s", (strategy, budget) => {
  test("a token that loses a namespace is seen before the namespace's services are missing, and others go on", async () => {
    await inWorld({ namespace: "*", budget, prepare }, async (world) => {
      await world.eventually("the watch", () => world.strategies.includes(strategy));
      narrow(world, ["default"]);
      let wasMissedUnseen = false;
      // The first wakes a list that was asked for by the rights of before, the second one that lacks the namespace.
      for (const service of ["new", "newer"]) {
        register(world.catalog, service, 24_004);
        await world.eventually(`the other namespace's ${service} service`, () => {
          const { instances = [], deniedNamespaces } = world.source.snapshot() ?? {};
          wasMissedUnseen ||= deniedNamespaces === undefined && !instances.some(({ service }) => service === "wiki");
          return instances.some((one) => one.service === service);
        });
      }
      await world.eventually("the word that the namespace is denied", () => denied(world));
      expect(denied(world)).toEqual(["team"]);
      expect(world.source.snapshot()?.partialViewReasons).toEqual(["denied-namespace"]);
      expect(wasMissedUnseen).toBe(false);
      narrow(world, "*");
      await world.eventually(
        "the namespace's services",
        () => world.ports("wiki").length === 1 && !denied(world),
        15_000,
      );
    });
  });
});

test("a namespace whose last service ends is empty, and not denied", async () => {
  await inWorld({ namespace: "*", prepare }, async (world) => {
    await world.watching();
    world.catalog.deregister({ ID: "_nomad-task-alloc-of-wiki-group-wiki-wiki-http", Namespace: "team" });
    world.catalog.deregister({ ID: "_nomad-task-alloc-of-shop-group-shop-shop-http", Namespace: "team" });
    await world.eventually("its end", () => world.ports("wiki").length + world.ports("shop").length === 0);
    expect(denied(world)).toBeUndefined();
    const asked = world.server.requests.count("/v1/services");
    register(world.catalog, "web", 24_009);
    await world.eventually("the news", () => world.ports("web").includes(24_009));
    // It is forgotten, and not asked for with each list.
    expect(world.server.requests.count("/v1/services")).toBeLessThanOrEqual(asked + 2);
  });
});

test.each([["before the first list"], ["after it"]])(
  "a namespace known from before a restart is denied, not gone: told %s",
  async (when) => {
    const isEarly = when === "before the first list";
    const narrowed: NonNullable<WorldOptions["prepare"]> = (catalog) => {
      prepare(catalog);
      catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
    };
    await inWorld({ namespace: "*", prepare: narrowed, isClosed: isEarly }, async (world) => {
      if (!isEarly) await world.eventually("the first list", () => world.ports("web").length === 1);
      await world.source.recall?.([
        instance({ service: "wiki", namespace: "team" }),
        instance({ namespace: "default" }),
      ]);
      if (isEarly) await world.server.reopen();
      else expect(denied(world)).toEqual(["team"]);
      await world.eventually("the snapshot", () => world.ports("web").length === 1);
      expect(denied(world)).toEqual(["team"]);
    });
  },
);
