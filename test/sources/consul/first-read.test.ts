import { describe, expect, test } from "vitest";
import { send } from "../../../src/simulator/api/answer.ts";
import { answersEmpty } from "../../../src/simulator/faults/faults.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { inWorld, register } from "./world.ts";

const SERVICES = ["s1", "s2", "s3"];

function prepare(catalog: Catalog): void {
  for (const service of SERVICES) register(catalog, { service });
}

describe("the first read", () => {
  test("is not made of what a server that was restarted has read of its log so far", async () => {
    await inWorld({ prepare, isClosed: true }, async ({ server, source, eventually }) => {
      // Only a consistent read waits for the whole log.
      let isRead = false;
      server.faults.set("/v1/catalog/services", async ({ request, response, answer }) => {
        const whole = await answer();
        if (request.url?.includes("consistent") === true) isRead = true;
        await send(
          response,
          isRead ? whole : { ...whole, body: JSON.stringify({ consul: [], s1: ["traefik.enable=true"] }) },
        );
      });
      await server.reopen();
      await eventually("the first snapshot", () => source.snapshot());
      expect(source.snapshot()?.instances).toHaveLength(SERVICES.length);
    });
  });

  test("of a catalog that shows nothing, not even its own servers, is no snapshot", async () => {
    await inWorld({ prepare, isClosed: true }, async ({ server, source, reported, eventually }) => {
      server.faults.set("*", answersEmpty());
      await server.reopen();
      await eventually("a failure", () => reported.failures.some(({ code }) => code === "E_CATALOG_DENIED"));
      expect(source.snapshot()).toBeUndefined();
      server.faults.clear("*");
      await eventually("the first snapshot", () => source.snapshot()?.instances.length === SERVICES.length, 3_000);
      expect(source.state()).toMatchObject({ consecutiveFailures: 0, partialViewReasons: [] });
    });
  });

  test("of a catalog without a service that asks for a route is a snapshot where it shows its servers", async () => {
    await inWorld({}, async ({ source, eventually }) => {
      await eventually("the first snapshot", () => source.snapshot());
      expect(source.snapshot()?.instances).toEqual([]);
    });
  });
});
