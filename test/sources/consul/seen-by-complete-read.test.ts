import { describe, expect, test } from "vitest";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import { holdBack } from "./hold-back.ts";
import { inWorld, register, type World } from "./world.ts";

const LIST = "/v1/catalog/services";
const READ = "/v1/health/service/short";
const neverAborted = new AbortController().signal;

/** Holds back the answers to a path's long polls, but for the one that is open now: it has come to its end. */
async function holdBackPolls(world: World, path: PathPattern): Promise<() => Promise<void>> {
  const { server, eventually } = world;
  const polls = () => server.requests.count(path);
  const before = polls();
  const show = holdBack(world, path, { says: "what is", onlyPolls: true });
  await eventually("the next poll", () => polls() > before);
  return async () => {
    const held = polls();
    show();
    await eventually("the answer that was held back", () => polls() > held);
  };
}

/** No answer to the list's polls has ever named it. */
describe.each(["per-service", "sweep"])(
  "%s: a service that comes and goes, and was seen by a complete read",
  (strategy) => {
    const live = (play: (world: World) => Promise<void>) =>
      inWorld(
        { strategy, waitMs: 300, prepare: (catalog) => register(catalog, { service: "other" }) },
        async (world) => {
          await world.watching();
          await play(world);
        },
      );

    test("is not kept when the list answers after that read", async () => {
      await live(async (world) => {
        const { catalog, source, ports, eventually } = world;
        const showList = await holdBackPolls(world, LIST);
        register(catalog, { service: "short" });
        await source.confirm(neverAborted);
        expect(ports("short")).toEqual([24_001]);
        catalog.deregister({ Node: "node-1", ServiceID: "short" });
        await showList();
        await eventually("its end", () => ports("short").length === 0);
      });
    });

    test("is not kept when the list answers before it", async () => {
      await live(async (world) => {
        const { catalog, server, source, ports, eventually } = world;
        const showList = await holdBackPolls(world, LIST);
        const showService = holdBack(world, READ, { says: "what was" });
        register(catalog, { service: "short" });
        const confirming = source.confirm(neverAborted);
        await eventually("the read", () => server.requests.count(READ) > 0);
        catalog.deregister({ Node: "node-1", ServiceID: "short" });
        await showList();
        showService();
        await confirming;
        expect(ports("short")).toEqual([]);
      });
    });
  },
);

/** No answer to its node's polls has ever named it. */
test.each([
  { how: "after", isReadLate: false },
  { how: "before", isReadLate: true },
])(
  "per-node: an instance that comes and goes is not kept when its node answers $how a complete read that saw it",
  async ({ isReadLate }) => {
    const node = "/v1/catalog/node/node-1";
    const other = "/v1/health/service/other";
    const short = { service: "other", id: "short", port: 25_000 };
    await inWorld(
      { strategy: "per-node", waitMs: 300, prepare: (catalog) => register(catalog, { service: "other" }) },
      async (world) => {
        const { catalog, server, source, ports, watching, eventually } = world;
        await watching();
        const showNode = await holdBackPolls(world, node);
        const showService = isReadLate ? holdBack(world, other, { says: "what was" }) : () => {};
        const asked = server.requests.count(other);
        register(catalog, short);
        const confirming = source.confirm(neverAborted);
        await eventually("the read", () => server.requests.count(other) > asked);
        if (!isReadLate) await eventually("the instance", () => ports("other").includes(short.port));
        catalog.deregister({ Node: "node-1", ServiceID: short.id });
        await showNode();
        showService();
        await confirming;
        await eventually("its end", () => !ports("other").includes(short.port));
      },
    );
  },
);
