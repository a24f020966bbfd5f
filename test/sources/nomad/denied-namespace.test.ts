import { describe, expect, test } from "vitest";
import { send } from "../../../src/simulator/api/answer.ts";
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

const ALL = ["*"];
const LIST = ["default", "team"];

describe.each([
  ["per-service", 12, ALL],
  ["sweep", 2, ALL],
  ["per-service", 12, LIST],
  ["sweep", 2, LIST],
])("by %s with %i connections, namespaces %j", (strategy, budget, namespaces) => {
  test("a token that loses a namespace is seen before the namespace's services are missing, and others go on", async () => {
    await inWorld({ namespaces, budget, prepare }, async (world) => {
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
  await inWorld({ namespaces: ["*"], prepare }, async (world) => {
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

test.each([
  ["before the first list", ALL],
  ["after it", ALL],
  ["before the first list", LIST],
  ["after it", LIST],
])("a namespace known from before a restart is denied, not gone: told %s, namespaces %j", async (when, namespaces) => {
  const isEarly = when === "before the first list";
  const narrowed: NonNullable<WorldOptions["prepare"]> = (catalog) => {
    prepare(catalog);
    catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
  };
  await inWorld({ namespaces, prepare: narrowed, isClosed: isEarly }, async (world) => {
    if (!isEarly) await world.eventually("the first list", () => world.ports("web").length === 1);
    await world.source.recall?.([instance({ service: "wiki", namespace: "team" }), instance({ namespace: "default" })]);
    if (isEarly) await world.server.reopen();
    else expect(denied(world)).toEqual(["team"]);
    await world.eventually("the snapshot", () => world.ports("web").length === 1);
    expect(denied(world)).toEqual(["team"]);
  });
});

describe("a list of namespaces", () => {
  test("shows those and no other, with one long poll for all of them", async () => {
    const three: NonNullable<WorldOptions["prepare"]> = (catalog) => {
      prepare(catalog);
      register(catalog, "stranger", 24_005, { Namespace: "other" });
    };
    await inWorld({ namespaces: LIST, prepare: three }, async ({ catalog, source, ports, watching, eventually }) => {
      await watching();
      expect(
        source
          .snapshot()
          ?.instances.map(({ service }) => service)
          .sort(),
      ).toEqual(["shop", "web", "wiki"]);
      expect(source.state().openRequests).toBe(1 + 3);
      register(catalog, "late", 24_006, { Namespace: "team" });
      await eventually("a new service of the second one", () => ports("late").length === 1);
    });
  });

  test("of which one is denied from the start shows the others, and says so", async () => {
    const narrowed: NonNullable<WorldOptions["prepare"]> = (catalog) => {
      prepare(catalog);
      catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
    };
    await inWorld({ namespaces: LIST, prepare: narrowed }, async (world) => {
      await world.eventually("the other one", () => world.ports("web").length === 1);
      expect(denied(world)).toEqual(["team"]);
      narrow(world, "*");
      await world.eventually("the services of both", () => world.ports("wiki").length === 1, 15_000);
      expect(denied(world)).toBeUndefined();
    });
  });

  test("shows a namespace that is hidden among all, as from a task's identity without a policy", async () => {
    await inWorld({ namespaces: LIST, prepare, isClosed: true }, async ({ server, ports, eventually }) => {
      server.faults.set("/v1/services", async ({ request, response, answer }) => {
        const isForAll = new URL(request.url ?? "", "http://nomad").searchParams.get("namespace") === "*";
        const { headers, ...truth } = await answer();
        await send(response, isForAll ? { ...truth, headers, body: "[]" } : { ...truth, headers });
      });
      await server.reopen();
      await eventually("the services of both", () => ports("web").length + ports("wiki").length === 2);
    });
  });
});
