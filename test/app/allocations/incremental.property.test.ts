import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { settle } from "../../fakes/fake-clock.ts";
import { A, at, closeSites, createSite, placed } from "./site.ts";

afterEach(closeSites);

const SEVERAL = 12;
const idOf = (n: number) => A.slice(0, -4) + String(n).padStart(4, "0");
const native = (n: number): ServiceInstance => ({
  ...at(idOf(n), 20_000 + n),
  ...{ catalog: "nomad", namespace: "default", job: "shop", checks: [], nodeAddress: "" },
});

const which = fc.nat({ max: SEVERAL - 1 });
const step = fc.oneof(
  fc.record({ what: fc.constant("shown" as const), all: fc.uniqueArray(which) }),
  fc.record({
    what: fc.constant("changed" as const),
    one: which,
    deployment: fc.constantFrom("none" as const, "undecided" as const, "healthy" as const, "unhealthy" as const),
    clientStatus: fc.constantFrom("pending", "running"),
    isCanary: fc.boolean(),
    isLeaving: fc.boolean(),
    isHinted: fc.boolean(),
  }),
  fc.record({ what: fc.constant("waited" as const), ms: fc.constantFrom(20, 700, 3_000) }),
);

test("whatever happened in which order, the words are those that a look at everything finds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const site = createSite(["n"], "deployment");
      site.run();
      const instances = Array.from({ length: SEVERAL }, (_, n) => native(n));
      for (let n = 0; n < SEVERAL; n += 1) site.known.set(idOf(n), placed(idOf(n), 20_000 + n));
      let shown: readonly number[] = [];
      let index = 0;
      for (const one of steps) {
        if (one.what === "waited") await site.clock.advance(one.ms);
        else if (one.what === "shown") {
          shown = one.all;
          await site.show(...shown.map((n) => instances[n]!));
        } else {
          index += 1;
          const { deployment, clientStatus, isCanary, isLeaving, isHinted } = one;
          const id = idOf(one.one);
          const more = { deployment, clientStatus, isCanary, isLeaving, modifyIndex: index };
          site.known.set(id, placed(id, 20_000 + one.one, more));
          if (isHinted) site.hint({ allocations: [id], index });
        }
      }
      site.hint({ isAnything: true });
      await site.clock.advance(1_000);
      await settle();
      const fresh = createSite(["n"], "deployment");
      for (const [id, one] of site.known) fresh.known.set(id, one);
      await fresh.show(...shown.map((n) => instances[n]!));
      await settle();
      expect([...(site.words() ?? [])].sort()).toEqual([...(fresh.words() ?? [])].sort());
      expect(site.leaving() ?? []).toEqual(fresh.leaving());
    }),
    { numRuns: 60 },
  );
});
