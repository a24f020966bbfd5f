import { afterEach, expect, test } from "vitest";
import { settle } from "../../fakes/fake-clock.ts";
import { A, at, B, closeSites, createSite, placed } from "./site.ts";

afterEach(closeSites);

function createDrained() {
  const site = createSite();
  site.run();
  site.known.set(A, placed(A, 24_001)).set(B, placed(B, 24_002, { node: "node-2" }));
  return site;
}

test("what runs on a client that is being drained is to be moved, before Nomad says so of it, until the drain ends", async () => {
  const site = createDrained();
  await site.show(at(A, 24_001), { ...at(B, 24_002), node: "node-2" });
  expect(site.leaving()).toEqual([false, false]);
  site.drain("node-1");
  await site.clock.advance(10_000);
  await settle();
  expect(site.leaving()).toEqual([true, false]);
  site.drain();
  await site.clock.advance(10_000);
  await settle();
  expect(site.leaving()).toEqual([false, false]);
});

test("a Nomad that does not tell, or may not be asked, leaves it at what was known, and is asked less often", async () => {
  const site = createDrained();
  site.drain("node-1");
  await site.show(at(A, 24_001));
  await site.clock.advance(10_000);
  site.troubles.set("n nodes", "E_CATALOG_DENIED");
  site.drain();
  const before = site.nodesAsked;
  await site.clock.advance(600_000);
  await settle();
  expect(site.leaving()).toEqual([true]);
  expect(site.nodesAsked - before).toBeLessThan(12);
});

test("where no instance names an allocation no client is asked for", async () => {
  const site = createDrained();
  await site.show();
  await site.clock.advance(600_000);
  expect(site.nodesAsked).toBe(0);
});
