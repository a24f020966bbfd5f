import { queryObjects } from "node:v8";
import { expect, test } from "vitest";
import { inWorld, move, register } from "./world.ts";

const SERVICES = Array.from({ length: 40 }, (_, at) => ({ service: `s${at}`, node: `node-${at}` }));
const ROUNDS = 8;
/** What a poll that waits for its turn holds, and one that is open: in the first rounds they come to be of each kind. */
const FIRST_ROUNDS = 6;

function livePromises(): number {
  return queryObjects(Promise, { format: "count" });
}

// The loop that reads services raced its next waking with promises that lived as long as the watch, and these kept something
// of each race: the heap of a process grew by 25 MB in a quarter of an hour of a busy catalog.
test("per-node: nothing is kept of changes that are over", async () => {
  const prepare = (catalog: Parameters<typeof register>[0]) => {
    for (const each of SERVICES) register(catalog, each);
  };
  await inWorld({ strategy: "per-node", prepare }, async ({ catalog, ports, eventually }) => {
    async function moveAll(port: number): Promise<void> {
      for (const { service, node } of SERVICES) move(catalog, service, port, { node });
      await eventually(`port ${port}`, () => SERVICES.every(({ service }) => ports(service).includes(port)));
    }
    for (let round = 0; round < FIRST_ROUNDS; round += 1) await moveAll(25_000 + round);
    const before = livePromises();
    for (let round = 0; round < ROUNDS; round += 1) await moveAll(26_000 + round);
    expect(livePromises() - before).toBeLessThan((ROUNDS * SERVICES.length) / 2);
  });
});
