import { test } from "vitest";
import { answers500 } from "../../../src/simulator/faults/faults.ts";
import { inWorld, move, register } from "./world.ts";

const NODES = "/v1/catalog/node/*";
/** The pause before each try again is up to a second. */
const FAILURES = 12;

test("sweep: a change that follows the end of an outage waits as long as any, however long the outage was", async () => {
  await inWorld(
    { strategy: "sweep", prepare: (catalog) => register(catalog, { service: "s1" }) },
    async ({ catalog, server, reported, watching, ports, eventually }) => {
      await watching();
      server.faults.set(NODES, answers500());
      move(catalog, "s1", 25_000);
      await eventually("some failures", () => reported.failures.length >= FAILURES);
      server.faults.clear(NODES);
      await eventually("the change of the outage", () => ports("s1").includes(25_000));
      move(catalog, "s1", 25_001);
      await eventually("the change after it", () => ports("s1").includes(25_001), 2_000);
    },
  );
});
