import { describe, expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { send } from "../../../src/simulator/api/answer.ts";
import { indexGoesBack } from "../../../src/simulator/faults/faults.ts";
import { inWorld, move, register } from "./world.ts";

test("a catalog that lost its data while the list's next query was on its way: newcomers are seen before a whole wait", async () => {
  const prepare = (catalog: Parameters<typeof register>[0]) => {
    for (const service of ["s1", "s2", "s3"]) register(catalog, { service });
  };
  await inWorld(
    { budget: 16, waitMs: 10_000, prepare },
    async ({ catalog, server, source, watching, ports, eventually }) => {
      for (let write = 0; write < 20; write += 1) catalog.setCheck("node-1", "service:s1", "passing", `${write}`);
      await watching();
      const arrival = createDeferred();
      server.faults.set("/v1/catalog/services", async ({ response, answer }) => {
        await arrival.promise;
        await send(response, await answer());
      });
      const asked = server.requests.count("/v1/catalog/services");
      register(catalog, { service: "s4" });
      await eventually("the list's next query", () => server.requests.count("/v1/catalog/services") > asked);
      catalog.wipe();
      arrival.resolve();
      register(catalog, { service: "s5" });
      await eventually("the newcomer", () => ports("s5").length === 1);
      expect(source.snapshot()?.indexResetAtMs).toBeDefined();
    },
  );
});

describe.each(["per-node", "sweep"])("%s: a service that is read again under a lower index than before", (strategy) => {
  const prepare = (catalog: Parameters<typeof register>[0]) => {
    for (const service of ["s1", "s2"]) register(catalog, { service });
  };

  test("is read once more, since the answer may be an old one", async () => {
    await inWorld({ strategy, prepare }, async ({ catalog, server, source, watching, ports, eventually }) => {
      await watching();
      server.faults.set("/v1/health/service/*", indexGoesBack());
      const asked = server.requests.count("/v1/health/service/s1");
      move(catalog, "s1", 24_002);
      await eventually("the read", () => server.requests.count("/v1/health/service/s1") > asked);
      server.faults.clear("/v1/health/service/*");
      await eventually("the new port", () => ports("s1").includes(24_002));
      expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
    });
  });

  test("is another catalog's when that says the same again", async () => {
    await inWorld({ strategy, prepare }, async ({ catalog, server, source, watching, ports, eventually }) => {
      await watching();
      server.faults.set("/v1/health/service/*", indexGoesBack());
      move(catalog, "s1", 24_002);
      await eventually("the new port", () => ports("s1").includes(24_002));
      expect(source.snapshot()?.indexResetAtMs).toBeDefined();
    });
  });
});
