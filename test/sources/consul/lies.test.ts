import { describe, test } from "vitest";
import { answersEmpty } from "../../../src/simulator/faults/faults.ts";
import { inWorld, move, register, type WorldOptions } from "./world.ts";

const SERVICES = ["s1", "s2", "s3", "s4", "s5"] as const;

const OPTIONS: WorldOptions = {
  waitMs: 150,
  prepare(catalog) {
    for (const service of SERVICES) register(catalog, { service });
    register(catalog, { service: "s5", status: "critical" });
  },
};

/** As for a token that loses its policy and gets it back, or a server that serves before it knows its data. */
describe.concurrent.each(["per-service", "per-node"])("%s: answers that are empty, with success", (strategy) => {
  test("to the reads of instances: they are not believed, and the news gets through after it", async ({ expect }) => {
    await inWorld(
      { ...OPTIONS, strategy },
      async ({ catalog, server, source, reported, watching, ports, eventually }) => {
        await watching();
        server.faults.set("/v1/health/service/*", answersEmpty());
        move(catalog, "s1", 25_000);
        await eventually(
          "the contradiction",
          () => reported.failures.some(({ code }) => code === "E_CATALOG_DENIED"),
          4_000,
        );
        expect(source.snapshot()?.instances).toHaveLength(5);
        server.faults.clear();
        await eventually("the truth", () => ports("s1").includes(25_000));
        expect(source.snapshot()?.instances).toHaveLength(5);
      },
    );
  });

  test("to all that is about health: after it, every instance is there, the unhealthy too", async ({ expect }) => {
    await inWorld(
      { ...OPTIONS, strategy },
      async ({ catalog, server, source, reported, watching, ports, eventually }) => {
        await watching();
        server.faults.set("/v1/health/*", answersEmpty());
        move(catalog, "s2", 25_000);
        await eventually("the contradiction", () => reported.failures.length > 0, 4_000);
        server.faults.clear();
        await eventually("the truth", () => ports("s2").includes(25_000));
        expect(source.snapshot()?.instances).toHaveLength(5);
      },
    );
  });
});

test("per-node: empty reads of instances and an empty list, one like the other, take nothing away for good", async ({
  expect,
}) => {
  await inWorld(
    { ...OPTIONS, strategy: "per-node" },
    async ({ catalog, server, source, watching, ports, eventually }) => {
      await watching();
      server.faults.set("/v1/health/service/*", answersEmpty());
      server.faults.set("/v1/catalog/services", answersEmpty());
      const before = server.requests.count("/v1/catalog/services");
      move(catalog, "s1", 25_000);
      await eventually("the list to be asked", () => server.requests.count("/v1/catalog/services") > before + 1);
      server.faults.clear();
      await eventually("the truth", () => ports("s1").includes(25_000));
      expect(source.snapshot()?.instances).toHaveLength(5);
    },
  );
});
