import { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { breakOff, send, textAnswer } from "../../../src/simulator/api/answer.ts";
import { answers403, answers500, answersHtml } from "../../../src/simulator/faults/faults.ts";
import type { NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { createFakeClock } from "../../fakes/fake-clock.ts";
import { inWorld, register, type World } from "./world.ts";

const SERVICES = 300;
const STREAM = "/v1/event/stream";

/** More services than the connections could poll one by one. */
function fill(catalog: NomadCatalog, services = SERVICES): void {
  for (let at = 0; at < services; at += 1) register(catalog, `s${at}`, 20_000 + at, { ID: `s${at}` });
}

const few = (catalog: NomadCatalog) => fill(catalog, 30);

/** The list waits for news, and the stream is heard. */
async function listening({ eventually, source, server }: World): Promise<void> {
  await eventually("the list's long poll and the stream", () => {
    const { eventStream, openRequests } = source.state();
    const isPolling = server.requests.last("/v1/services")?.url.includes("index=") ?? false;
    return isPolling && eventStream?.state === "heard" && openRequests === 1 + eventStream.open;
  });
}

test(`at ${SERVICES} services one change costs the list and a read`, async () => {
  await inWorld({ budget: 16, prepare: fill, eventsClock: createFakeClock() }, async (world) => {
    const { catalog, ports, server } = world;
    const changes: readonly [string, () => void, () => boolean][] = [
      ["another port", () => register(catalog, "s7", 25_000, { ID: "s7" }), () => ports("s7").includes(25_000)],
      ["a new service", () => register(catalog, "new", 25_000), () => ports("new").length === 1],
      ["another allocation", () => register(catalog, "s7", 25_001), () => ports("s7").length === 2],
      ["the end of a service", () => catalog.deregister({ ID: "s8" }), () => ports("s8").length === 0],
      [
        "a service that hides itself",
        () => register(catalog, "s9", 25_000, { ID: "s9", Tags: [] }),
        () => ports("s9").length === 0,
      ],
    ];
    for (const [what, change, isSeen] of changes) {
      await listening(world);
      server.requests.reset();
      change();
      await world.eventually(what, isSeen);
      await listening(world);
      expect(server.requests.count(), what).toBeGreaterThanOrEqual(1);
      expect(server.requests.count(), what).toBeLessThanOrEqual(5);
    }
    expect(world.source.state()).toMatchObject({ strategy: "stream", missedChanges: 0 });
  });
});

test("300 changes at once are read a few at a time, although Nomad ends a stream that so many events overtake", async () => {
  const clock = createFakeClock();
  await inWorld({ budget: 16, prepare: fill, eventsClock: clock }, async (world) => {
    await listening(world);
    world.server.requests.reset();
    for (let at = 0; at < SERVICES; at += 1) register(world.catalog, `s${at}`, 26_000 + at, { ID: `s${at}` });
    await world.eventually("the changes", () => world.source.snapshot()?.instances.every(({ port }) => port >= 26_000));
    await world.eventually("the stream", async () => {
      await clock.advance(100);
      return world.source.state().eventStream?.state === "heard";
    });
    await listening(world);
    expect(world.server.requests.count("/v1/service/*")).toBeLessThan(3 * SERVICES);
    expect(world.server.connections.max).toBeLessThanOrEqual(16);
  });
});

test("a stream that is denied is said once, with the right, and sweeps find what changes", async () => {
  const clock = createFakeClock();
  const prepare = (catalog: NomadCatalog) => {
    few(catalog);
    catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
  };
  const silentStream = ({ server }: World) =>
    server.faults.set(STREAM, async ({ response, gone }) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      if (response instanceof ServerResponse) response.flushHeaders();
      await new Promise((resolve) => gone.addEventListener("abort", resolve, { once: true }));
    });
  await inWorld({ budget: 16, prepare, eventsClock: clock, isClosed: true }, async (world) => {
    const speak = silentStream(world);
    await world.server.reopen();
    await world.eventually("the question", () => world.server.requests.count(STREAM) > 0);
    await world.eventually("the silence", async () => {
      await clock.advance(1_000);
      return world.heard.length > 0;
    });
    expect(world.heard).toEqual(['unheard namespace default: namespace "default" { capabilities = ["read-job"] }']);
    await world.eventually("sweeps", () => world.strategies.at(-1) === "sweep");
    register(world.catalog, "s7", 25_000, { ID: "s7" });
    await world.eventually("the change", () => world.ports("s7").includes(25_000));
    speak();
    await world.eventually("the stream", async () => {
      await clock.advance(1_000);
      return world.strategies.at(-1) === "stream" && world.heard.length > 1;
    });
    expect(world.heard[1]).toBe("heard namespace default");
  });
});

test("with all namespaces and a right in some, each of those is listened to", async () => {
  const clock = createFakeClock();
  const prepare = (catalog: NomadCatalog) => {
    few(catalog);
    register(catalog, "wiki", 24_000, { Namespace: "team", ID: "wiki" });
    register(catalog, "secret", 24_001, { Namespace: "vault", ID: "secret" });
    catalog.setTokens(new Map([["", { readJob: ["default", "team"] }]]));
  };
  await inWorld({ budget: 16, prepare, namespaces: ["*"], eventsClock: clock }, async (world) => {
    await world.eventually("both streams", async () => {
      await clock.advance(100);
      return world.source.state().eventStream?.open === 2;
    });
    await listening(world);
    await world.eventually("the strategy", () => world.strategies.at(-1) === "stream");
    await listening(world);
    world.server.requests.reset();
    register(world.catalog, "wiki", 25_000, { Namespace: "team", ID: "wiki" });
    await world.eventually("the change", () => world.ports("wiki").includes(25_000));
    await listening(world);
    expect(world.server.requests.count()).toBeLessThanOrEqual(5);
  });
});

describe.concurrent.each([
  ["an end", async ({ response }: { response: { end(): unknown } }) => void response.end()],
  ["a cut", async ({ response }) => breakOff(response)],
  ["status 500", answers500()],
  ["status 403", answers403()],
  ["a page of HTML", answersHtml()],
  ["another path", async ({ response }) => send(response, textAnswer(404, ""))],
  [
    "garbage without an end",
    async ({ response }) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end('<html>\n{"Index":"x"}\n{"Index":7,"Events":[{"Topic":"Service"}]}\n');
    },
  ],
] satisfies [string, Parameters<World["server"]["faults"]["set"]>[1]][])("a stream that gives %s", (_what, fault) => {
  test("costs no change, and is heard again afterwards", async () => {
    const clock = createFakeClock();
    await inWorld({ budget: 16, prepare: few, eventsClock: clock }, async (world) => {
      await listening(world);
      const mend = world.server.faults.set(STREAM, fault);
      // Who is connected is cut off once.
      await world.server.close();
      await world.server.reopen();
      await world.eventually("the fault", async () => {
        await clock.advance(500);
        return world.server.requests.count(STREAM) > 2;
      });
      register(world.catalog, "s7", 25_000, { ID: "s7" });
      await world.eventually("the change", () => world.ports("s7").includes(25_000));
      mend();
      await world.eventually("the stream", async () => {
        await clock.advance(5_000);
        return world.source.state().eventStream?.state === "heard";
      });
      register(world.catalog, "s8", 25_001, { ID: "s8" });
      await world.eventually("the next change", () => world.ports("s8").includes(25_001));
      expect(world.source.state().missedChanges).toBe(0);
    });
  });
});

test("a token that was replaced is the one that listens, and what changed in between is read", async () => {
  const clock = createFakeClock();
  let token = "first";
  const tokens = (names: readonly string[]) => new Map(names.map((name) => [name, { readJob: "*" as const }] as const));
  const prepare = (catalog: NomadCatalog) => {
    few(catalog);
    catalog.setTokens(tokens(["first", "second"]));
  };
  await inWorld({ budget: 16, prepare, eventsClock: clock, readToken: () => token }, async (world) => {
    await listening(world);
    token = "second";
    world.catalog.setTokens(tokens(["second"]));
    register(world.catalog, "s7", 25_000, { ID: "s7" });
    await world.eventually("the change", () => world.ports("s7").includes(25_000));
    await world.eventually("the other token", async () => {
      await clock.advance(1_000);
      return (
        world.server.requests.last(STREAM)?.headers["x-nomad-token"] === "second" &&
        world.source.state().eventStream?.state === "heard"
      );
    });
    register(world.catalog, "s8", 25_001, { ID: "s8" });
    await world.eventually("the next change", () => world.ports("s8").includes(25_001));
  });
});

test("servers that lost their data begin with low indexes, and are listened to again", async () => {
  const clock = createFakeClock();
  await inWorld({ budget: 16, prepare: few, eventsClock: clock }, async (world) => {
    await listening(world);
    world.catalog.wipe();
    await world.eventually("the reset", () => world.source.snapshot()?.indexResetAtMs);
    register(world.catalog, "s1", 27_000, { ID: "s1" });
    await world.eventually(
      "the data since then",
      () => String(world.ports("s1")) === "27000" && world.ports("s5").length === 0,
    );
    await world.eventually("the stream", async () => {
      await clock.advance(1_000);
      return world.source.state().eventStream?.state === "heard";
    });
  });
});

test("hints on allocations and deployments are given to who listens, also where services are polled one by one", async () => {
  await inWorld(
    { budget: 16, prepare: (catalog) => fill(catalog, 3), eventsClock: createFakeClock() },
    async (world) => {
      await world.eventually("the watch", () => world.strategies.length > 0);
      await world.eventually("the stream", () => world.source.state().eventStream?.state === "heard");
      expect(world.strategies).toEqual(["per-service"]);
      const found = { allocations: new Set<string>(), deployments: new Set<string>() };
      const forget = world.source.onAllocationHint?.(({ allocations, deployments }) => {
        for (const id of allocations.keys()) found.allocations.add(id);
        for (const job of deployments) found.deployments.add(job);
      });
      world.catalog.putDeployment({ ID: "d1", JobID: "shop" });
      world.catalog.placeAllocation({ ID: "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44", JobID: "shop", DeploymentID: "d1" });
      await world.eventually("the hints", () => found.allocations.size > 0 && found.deployments.size > 0);
      expect([...found.allocations, ...found.deployments]).toEqual([
        "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44",
        "default/shop",
      ]);
      forget?.();
    },
  );
});
