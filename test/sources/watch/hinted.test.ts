import fc from "fast-check";
import { expect, test } from "vitest";
import { type HintedWorld, hintedWorld, RESYNC_MS } from "./hinted-world.ts";

/** More than fit into the connections by one long poll each. */
const SERVICES = 40;

async function settled(world: HintedWorld, ms = 3_000): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await world.clock.advance(ms / 60);
}

test("a change that is hinted at costs the list and one read", async () => {
  const world = await hintedWorld(SERVICES);
  expect(world.strategies).toEqual(["stream"]);
  world.hint("s3", world.write("s3", 30_000));
  await settled(world);
  expect(world.requests().toSorted()).toEqual(["list", "s3"]);
  expect(world.known).toEqual(world.truth);
  await world.stop();
});

test.each([
  ["a hint that comes before the list", 0],
  ["a hint that comes some time after the list", 500],
])("%s is enough", async (_what, lateMs) => {
  const world = await hintedWorld(SERVICES);
  const write = world.write("s3", 30_000);
  await world.clock.advance(lateMs);
  world.hint("s3", write);
  await settled(world);
  expect(world.requests().toSorted()).toEqual(["list", "s3"]);
  expect(world.known).toEqual(world.truth);
  await world.stop();
});

test("a move of the list that nothing hints at has everything read", async () => {
  const world = await hintedWorld(SERVICES);
  world.write("s3", 30_000);
  await world.clock.advance(900);
  expect(world.requests()).toEqual(["list"]);
  await settled(world);
  expect(world.requests()).toHaveLength(SERVICES);
  expect(world.known).toEqual(world.truth);
  await world.stop();
});

test("while hints are not heard every move of the list has everything read, at once", async () => {
  const world = await hintedWorld(SERVICES);
  world.stand("awaited");
  world.hint("s3", world.write("s3", 30_000));
  await settled(world, 500);
  expect(new Set(world.requests()).size).toBe(SERVICES + 1);
  expect(world.strategies).toEqual(["stream"]);
  await world.stop();
});

test("where hints are not to be had sweeps take over, until they are", async () => {
  const world = await hintedWorld(SERVICES);
  world.stand("unheard");
  await settled(world);
  expect(world.strategies).toEqual(["stream", "sweep"]);
  world.write("s3", 30_000);
  await settled(world);
  expect(world.known).toEqual(world.truth);
  world.stand("heard");
  await settled(world);
  expect(world.strategies).toEqual(["stream", "sweep", "stream"]);
  await world.stop();
});

test("a service that comes is read for its hint, and one that is not exposed is not read twice", async () => {
  const world = await hintedWorld(SERVICES);
  world.hint("new", world.write("new", 30_000));
  world.hint("hidden", world.write("hidden", 30_001, "traefik.enable=false"));
  await settled(world);
  expect(world.known).toEqual(world.truth);
  expect(world.requests().filter((one) => one === "hidden")).toHaveLength(1);
  world.hint("hidden", world.write("hidden", 30_002, "traefik.enable=false"));
  await settled(world);
  expect(world.requests().toSorted()).toEqual(["list"]);
  world.hint("hidden", world.write("hidden", 30_003));
  await settled(world);
  expect(world.known).toContain("hidden 30003");
  expect(world.requests().toSorted()).toEqual(["hidden", "list"]);
  await world.stop();
});

test("a service that goes is taken away for no more than five requests", async () => {
  const world = await hintedWorld(SERVICES);
  world.hint("s3", world.write("s3", undefined));
  await settled(world);
  expect(world.known).toEqual(world.truth);
  expect(world.requests().length).toBeLessThanOrEqual(5);
  await world.stop();
});

test("hints at services that there are not cost a bounded number of reads and change nothing", async () => {
  const world = await hintedWorld(SERVICES);
  const before = world.known;
  for (let at = 0; at < 10_000; at += 1) world.hint(`forged-${at}`, 1_000n + BigInt(at));
  await settled(world);
  expect(world.requests().length).toBeLessThan(100);
  expect(world.known).toEqual(before);
  await world.stop();
});

test("a service that changes without end is read a few times a second, and its neighbour is read as ever", async () => {
  const world = await hintedWorld(SERVICES);
  for (let turn = 0; turn < 200; turn += 1) {
    world.hint("s3", world.write("s3", 30_000 + turn));
    if (turn === 100) world.hint("s4", world.write("s4", 31_000));
    await world.clock.advance(5);
  }
  expect(world.known).toContain("s4 31000");
  await settled(world);
  const requests = world.requests();
  expect(requests.filter((one) => one === "s3").length).toBeLessThanOrEqual(8);
  expect(requests.filter((one) => one === "s4")).toHaveLength(1);
  expect(world.known).toEqual(world.truth);
  await world.stop();
});

test("what a stream repeats from before the complete read is not read again", async () => {
  const world = await hintedWorld(SERVICES);
  for (let at = 0; at < SERVICES; at += 1) world.hint(`s${at}`, 101n + BigInt(at));
  await settled(world);
  expect(world.requests()).toEqual([]);
  await world.stop();
});

test("three hundred changes at once are gathered into bounded reads", async () => {
  const world = await hintedWorld(SERVICES);
  for (let round = 0; round < 8; round += 1) {
    for (let at = 0; at < SERVICES; at += 1) world.hint(`s${at}`, world.write(`s${at}`, 30_000 + round));
  }
  await settled(world);
  expect(world.known).toEqual(world.truth);
  expect(world.requests().length).toBeLessThan(3 * SERVICES);
  await world.stop();
});

test("a write elsewhere that is hinted at costs the list alone", async () => {
  const world = await hintedWorld(SERVICES);
  world.hint(undefined, world.write("s3", 20_003));
  await settled(world);
  expect(world.requests()).toEqual(["list"]);
  await world.stop();
});

test("where not all that moves the list may be heard, moves without a hint have everything read twice a minute", async () => {
  const world = await hintedWorld(SERVICES);
  world.uncover();
  for (let second = 0; second < 60; second += 1) {
    world.write("s3", 30_000 + second);
    await settled(world, 1_000);
  }
  const reads = world.requests().filter((one) => one !== "list").length;
  expect(reads).toBeGreaterThanOrEqual(2 * SERVICES);
  expect(reads).toBeLessThanOrEqual(3 * SERVICES);
  await settled(world, 32_000);
  expect(world.known).toEqual(world.truth);
  await world.stop();
});

test("a catalog that lost its data is noticed without a hint", async () => {
  const world = await hintedWorld(SERVICES);
  world.wipe();
  await settled(world);
  expect(world.source.state().indexResets).toBeGreaterThan(0);
  expect(world.known).toEqual(["first 25000"]);
  world.hint("first", world.write("first", 25_001));
  await settled(world);
  expect(world.known).toEqual(["first 25001"]);
  await world.stop();
});

const FATES = ["told", "twice", "lost", "late", "forged"] as const;

interface Step {
  readonly at: number;
  readonly port: number;
  readonly kind: "put" | "put" | "hide" | "leave";
  readonly fate: (typeof FATES)[number];
  readonly pauseMs: number;
  readonly doubt: boolean;
}

function steps(fates: readonly (typeof FATES)[number][], pauseMs: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const step = fc.record({
    at: fc.nat(SERVICES + 5),
    port: fc.integer({ min: 30_000, max: 32_000 }),
    kind: fc.constantFrom("put" as const, "put" as const, "hide" as const, "leave" as const),
    fate: fc.constantFrom(...fates),
    pauseMs,
    doubt: fc.boolean(),
  });
  return fc.array(step, { minLength: 1, maxLength: 25 });
}

async function play(world: HintedWorld, history: readonly Step[]): Promise<void> {
  const late: (() => void)[] = [];
  for (const { at, port, kind, fate, pauseMs, doubt } of history) {
    const service = `s${at}`;
    const number = world.write(service, kind === "leave" ? undefined : port, ...(kind === "hide" ? ["hidden"] : []));
    if (fate === "told" || fate === "twice") world.hint(service, number);
    if (fate === "twice") late.push(() => world.hint(service, number));
    if (fate === "late") late.push(() => world.hint(service, number));
    if (fate === "forged") world.hint(`s${(at + 7) % SERVICES}`, BigInt(port));
    if (doubt && fate === "lost") world.doubt();
    // The latest first, some steps after their time.
    if (pauseMs % 3 === 0) while (late.length > 0) late.pop()?.();
    // In turns, so that the list shows one write alone where there is time for it.
    for (let turn = 0; turn < 10; turn += 1) await world.clock.advance(pauseMs / 10);
  }
  for (const tell of late.reverse()) tell();
}

test("whatever hints are lost, late, repeated or in another order: what is charted is what the catalog says, in seconds", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps(["told", "twice", "lost", "late"], fc.integer({ min: 400, max: 2_000 })),
      async (history) => {
        const world = await hintedWorld(SERVICES);
        await play(world, history);
        await settled(world, 6_000);
        expect(world.known).toEqual(world.truth);
        expect(world.missed).toEqual([]);
        await world.stop();
      },
    ),
    { numRuns: 25 },
  );
});

test("whatever is hinted, however fast, and be it a lie: after a complete read what is charted is what the catalog says", async () => {
  await fc.assert(
    fc.asyncProperty(steps(FATES, fc.nat(60)), async (history) => {
      const world = await hintedWorld(SERVICES);
      await play(world, history);
      await settled(world, RESYNC_MS + 10_000);
      expect(world.known).toEqual(world.truth);
      await world.stop();
    }),
    { numRuns: 25 },
  );
});
