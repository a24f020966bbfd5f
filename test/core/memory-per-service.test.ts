import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { instance, pass } from "../builders/world.ts";
import { collectGarbage } from "../support/garbage.ts";

/*
 * What the daemon holds grows with the catalog: of 5,000 services each kilobyte a service is 5 MB for good, and with the garbage
 * that V8 lets stand beside it up to 8. The figure is bytes that are alive after a collection: no other work on the machine
 * changes it.
 */

const SERVICES = 500;
/** 11,700 to 12,600 as measured; an object of its own for each answer that is remembered of an instance was 1,100 more. */
const MOST_BYTES_A_SERVICE = 13_000;

test("what passes hold of a service of three instances is bounded", async () => {
  // What code and its caches take comes with the first passes, whatever the catalog's size.
  let held = play(servicesOf(0, 20), 300);
  const before = await liveBytes();
  held = play(servicesOf(1_000, SERVICES), 200);
  const bytesAService = ((await liveBytes()) - before) / SERVICES;
  expect(held.decision.text).toContain("service-01499");
  expect(bytesAService).toBeLessThan(MOST_BYTES_A_SERVICE);
});

/** A leak is in each stretch of changes; what the engine learns of the code meanwhile is in one of them or the other. */
const STRETCHES = 3;
const CHANGES = 600;
const MOST_BYTES_A_CHANGE = 300;

test("what passes hold does not grow with the number of changes", async () => {
  // The first of them also make the code and its caches.
  let held = play(servicesOf(0, 20), CHANGES);
  const grown: number[] = [];
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    const before = await liveBytes();
    held = play(held.catalog, CHANGES, held.decision);
    grown.push(((await liveBytes()) - before) / CHANGES);
  }
  expect(held.decision.text).toContain("service-00019");
  expect(Math.min(...grown)).toBeLessThan(MOST_BYTES_A_CHANGE);
}, 90_000);

/** A minute later each time: what services have done lately is remembered for a while. */
let latestMs = 1_000_000;
function nextNowMs(): number {
  latestMs += 60_000;
  return latestMs;
}

/** What a daemon holds between two passes. */
interface Held {
  readonly catalog: readonly ServiceInstance[];
  readonly decision: Decision;
}

/** So many passes, each after one instance has moved to another port. @param decision the one before them, if there is one */
function play(catalog: readonly ServiceInstance[], changes: number, decision = pass(catalog)): Held {
  let held: Held = { catalog, decision };
  for (let change = 0; change < changes; change += 1) {
    const moved = (change * 617) % catalog.length;
    const next = held.catalog.map((one, at) =>
      at === moved ? { ...one, port: 25_000 + (one.port % 1_000) + 1 } : one,
    );
    held = { catalog: next, decision: pass(next, { previous: held.decision.memory, nowMs: nextNowMs() }) };
  }
  return held;
}

async function liveBytes(): Promise<number> {
  await collectGarbage();
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

function servicesOf(first: number, count: number): readonly ServiceInstance[] {
  return Array.from({ length: count * 3 }, (_, position) => {
    const number = first + Math.floor(position / 3);
    const copy = position % 3;
    const service = `service-${String(number).padStart(5, "0")}`;
    return instance({
      service,
      id: `${service}-${copy}`,
      node: `node-${(number + copy) % 50}`,
      port: 21_000 + copy,
      tags: ["traefik.enable=true", `traefik.http.routers.${service}.rule=Host(\`${service}.example.org\`)`],
      checks: [{ id: `service:${service}-${copy}`, name: `Service ${service} check`, status: "passing" }],
    });
  });
}
