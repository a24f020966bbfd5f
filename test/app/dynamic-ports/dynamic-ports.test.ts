import { afterEach, expect, test } from "vitest";
import { createDynamicPorts } from "../../../src/app/dynamic-ports/dynamic-ports.ts";
import type { StoredRanges } from "../../../src/app/stored-state/ranges-file.ts";
import { createDeferred } from "../../../src/base/deferred.ts";
import type { ClientPorts } from "../../../src/core/ports/dynamic-range.ts";
import { formatRange, type PortRange } from "../../../src/core/ports/port-range.ts";
import { failure } from "../../daemon/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";
import { createFakeState } from "../../fakes/fake-state.ts";
import { createRecordingObserver } from "../../fakes/recording-observer.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const MINUTE_MS = 60_000;

/** What a Nomad answers, at once or some time: a range, or an error's code. */
type Answer = PortRange | string | Promise<PortRange | string>;

/** A site whose Nomads are named by their first letters; `disk` may be handed on: that is a restart. */
function createSite(answers: Record<string, Answer>, disk = createFakeState<StoredRanges>("ports", [])) {
  const clock = createFakeClock();
  const recorded = createRecordingObserver();
  const reported: string[] = [];
  const asked: string[] = [];
  let inSettings: PortRange | undefined;
  let changes = 0;
  const ports = createDynamicPorts({
    nomads: Object.keys(answers).map((name) => ({
      name,
      async read(): Promise<readonly ClientPorts[]> {
        asked.push(name);
        const answer = (await answers[name]) ?? "E_NOBODY";
        if (typeof answer === "string") throw failure(answer);
        return [{ node: "n", id: "1", dynamic: answer, reserved: [] }];
      },
    })),
    inSettings: () => inSettings,
    kept: disk,
    clock,
    random: () => 0.5,
    observer: {
      ...recorded,
      dynamicRange: ({ ports: range }) => reported.push(`range ${formatRange(range)}`),
      rangeUnreported: (name, error, { ports: range }) =>
        reported.push(`${name} ${error.code}: ${formatRange(range)} stays`),
    },
    changed: () => {
      changes += 1;
    },
  });
  const stop = new AbortController();
  stops.push(() => {
    stop.abort();
    ports.close();
  });
  return {
    ports,
    clock,
    disk,
    answers,
    reported,
    asked,
    recorded,
    get changes() {
      return changes;
    },
    setInSettings(range: PortRange | undefined): void {
      inSettings = range;
    },
    async run(): Promise<void> {
      await ports.start();
      this.follow();
      await settle();
    },
    follow(): void {
      void ports.run(stop.signal);
    },
    counts: () => formatRange(ports.range().ports),
  };
}

const NARROW = { first: 21_000, last: 22_000 };
const OTHER = { first: 21_000, last: 23_000 };

test("the range is known when the start is over, and is asked for again after five minutes", async () => {
  const site = createSite({ a: NARROW });
  await site.run();
  expect(site.counts()).toBe("21000-22000");
  expect(site.reported).toEqual(["range 21000-22000"]);
  site.answers["a"] = OTHER;
  await site.clock.advance(5 * MINUTE_MS - 1);
  expect(site.counts()).toBe("21000-22000");
  await site.clock.advance(1);
  expect(site.counts()).toBe("21000-23000");
  expect(site.changes).toBe(2);
  expect(site.asked).toHaveLength(2);
});

test("the same answer again changes nothing", async () => {
  const site = createSite({ a: NARROW });
  await site.run();
  const range = site.ports.range();
  await site.clock.advance(20 * MINUTE_MS);
  expect(site.asked).toHaveLength(5);
  expect(site.ports.range()).toBe(range);
  expect(site.reported).toEqual(["range 21000-22000"]);
  expect(site.changes).toBe(1);
});

test("away at the start: the default counts, which is reported once; its answer counts within seconds", async () => {
  const site = createSite({ a: "E_CATALOG_UNREACHABLE" });
  await site.run();
  await site.clock.advance(MINUTE_MS);
  expect(site.counts()).toBe("20000-32000");
  expect(site.reported).toEqual(["a E_CATALOG_UNREACHABLE: 20000-32000 stays"]);
  site.answers["a"] = NARROW;
  await site.clock.advance(5_000);
  expect(site.reported.slice(1)).toEqual(["range 21000-22000"]);
});

test.each(["E_CATALOG_UNREACHABLE", "E_CATALOG_DENIED", "E_CATALOG_SHAPE"])(
  "%s later keeps the last range, however long, and its end is reported",
  async (code) => {
    const site = createSite({ a: NARROW });
    await site.run();
    site.answers["a"] = code;
    await site.clock.advance(24 * 60 * MINUTE_MS);
    expect(site.counts()).toBe("21000-22000");
    expect(site.ports.range().origin).toContain("as last reported");
    site.answers["a"] = NARROW;
    await site.clock.advance(5_000);
    expect(site.ports.range().origin).not.toContain("as last reported");
    expect(site.reported).toEqual(["range 21000-22000", `a ${code}: 21000-22000 stays`, "range 21000-22000"]);
    expect(site.changes).toBe(1);
  },
);

test("another reason is reported again, and none twice before Nomad has answered", async () => {
  const site = createSite({ a: "E_CATALOG_UNREACHABLE" });
  await site.run();
  site.answers["a"] = "E_CATALOG_DENIED";
  await site.clock.advance(MINUTE_MS);
  site.answers["a"] = "E_CATALOG_UNREACHABLE";
  await site.clock.advance(MINUTE_MS);
  expect(site.reported).toEqual([
    "a E_CATALOG_UNREACHABLE: 20000-32000 stays",
    "a E_CATALOG_DENIED: 20000-32000 stays",
  ]);
});

test("a restart begins with what was last reported, without an answer from Nomad", async () => {
  const before = createSite({ a: NARROW });
  await before.run();
  const after = createSite({ a: "E_CATALOG_UNREACHABLE" }, before.disk);
  await after.run();
  expect(after.counts()).toBe("21000-22000");
  expect(after.reported).toEqual(["a E_CATALOG_UNREACHABLE: 21000-22000 stays"]);
});

test("what another Nomad reported does not count", async () => {
  const before = createSite({ a: NARROW });
  await before.run();
  const after = createSite({ b: "E_CATALOG_UNREACHABLE" }, before.disk);
  await after.run();
  expect(after.counts()).toBe("20000-32000");
});

test("a damaged state is reported, and does not stop the start", async () => {
  const site = createSite({ a: NARROW });
  site.disk.damage("torn");
  await site.run();
  expect(site.recorded.reports).toEqual([expect.stringContaining("set aside: torn")]);
  expect(site.counts()).toBe("21000-22000");
});

test("a state that cannot be written is reported, and the range counts all the same", async () => {
  const site = createSite({ a: NARROW });
  site.disk.failWith(failure("E_OUTPUT_FULL"));
  await site.run();
  expect(site.recorded.reports).toEqual(["state unsaved E_OUTPUT_FULL"]);
  expect(site.counts()).toBe("21000-22000");
});

test("a Nomad that does not answer delays the start by two seconds, and is asked again", async () => {
  const site = createSite({ a: new Promise<never>(() => {}) });
  let isStarted = false;
  const started = site.ports.start().then(() => {
    isStarted = true;
  });
  await site.clock.advance(1_999);
  expect(isStarted).toBe(false);
  await site.clock.advance(1);
  await started;
  expect(site.counts()).toBe("20000-32000");
  site.answers["a"] = NARROW;
  site.follow();
  await site.clock.advance(5_000);
  expect(site.counts()).toBe("21000-22000");
});

test.each<[string, PortRange | string]>([
  ["a failure", "E_CATALOG_TIMEOUT"],
  ["a range", OTHER],
])("%s that answers an older question than the last one comes too late", async (_what, late) => {
  const { promise, resolve } = createDeferred<PortRange | string>();
  const site = createSite({ a: promise });
  const started = site.ports.start();
  await site.clock.advance(2_000);
  await started;
  site.follow();
  site.answers["a"] = NARROW;
  await site.clock.advance(5_000);
  resolve(late);
  await settle();
  expect(site.counts()).toBe("21000-22000");
  expect(site.ports.range().origin).not.toContain("as last reported");
  expect(site.reported).toEqual(["range 21000-22000"]);
});

test("two Nomads: the range of one stays while the other is away", async () => {
  const site = createSite({ a: { first: 40_000, last: 41_000 }, b: NARROW });
  await site.run();
  expect(site.counts()).toBe("21000-41000");
  site.answers["b"] = "E_CATALOG_UNREACHABLE";
  site.answers["a"] = { first: 40_000, last: 42_000 };
  await site.clock.advance(5 * MINUTE_MS);
  expect(site.counts()).toBe("21000-42000");
});

test("a range in the settings wins from the reload on, and no Nomad is asked while it is there", async () => {
  const site = createSite({ a: NARROW });
  await site.run();
  site.setInSettings({ first: 30_000, last: 31_000 });
  await site.ports.reload();
  expect(site.counts()).toBe("30000-31000");
  await site.clock.advance(20 * MINUTE_MS);
  expect(site.asked).toHaveLength(1);
  site.setInSettings(undefined);
  await site.ports.reload();
  expect(site.counts()).toBe("21000-22000");
  expect(site.asked).toHaveLength(2);
});
