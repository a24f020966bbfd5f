import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChartFile } from "../../../src/output/chart/chart-file.ts";
import { watchChart } from "../../../src/output/chart/chart-watch.ts";
import { createFakeClock } from "../../fakes/fake-clock.ts";
import { until } from "../../support/await-until.ts";
import { createScratch } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let directory: string;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  directory = join(scratch.dir, "chart");
  path = join(directory, "portolan.yml");
  mkdirSync(directory);
  mkdirSync(join(scratch.dir, "state"));
});
afterEach(() => scratch.remove());

/** A published chart that is watched. Time stands still: what is noticed is noticed by the file system's events. */
async function watched() {
  const chart = createChartFile({ path, stagingDir: join(scratch.dir, "state"), header: "# ours" });
  await chart.publish("# ours\n{}\n");
  const clock = createFakeClock();
  const stop = new AbortController();
  let calls = 0;
  const watching = watchChart(chart, clock, () => (calls += 1), stop.signal);
  await until(() => clock.sleepingMs.length === 1, { timeoutMs: 2_000, what: "the watch to be open" });
  return {
    chart,
    clock,
    calls: () => calls,
    async end() {
      stop.abort();
      await watching;
    },
  };
}

const deeds: readonly (readonly [string, () => void])[] = [
  ["edited", () => writeFileSync(path, "# ours\n{}\n# more\n")],
  ["deleted", () => rmSync(path)],
  ["replaced", () => writeFileSync(`${path}.new`, "else") ?? renameSync(`${path}.new`, path)],
  ["gone with its directory", () => rmSync(directory, { recursive: true })],
  ["in a directory that was moved away", () => renameSync(directory, `${directory}.old`)],
];
test.each(deeds)("a file that is %s is noticed by events", async (_, deed) => {
  const { calls, end } = await watched();
  deed();
  await until(() => calls() > 0, { timeoutMs: 5_000, what: "the deed to be noticed" });
  await end();
});

test("a file is noticed by events again after it was restored, in another directory, too, and after quiet looks", async () => {
  const { chart, clock, calls, end } = await watched();
  await clock.advance(3_000);
  for (const deed of [
    () => writeFileSync(path, "else"),
    () => renameSync(directory, `${directory}.old`),
    () => rmSync(path),
  ]) {
    const before = calls();
    deed();
    await until(() => calls() > before, { timeoutMs: 5_000, what: "the deed to be noticed" });
    mkdirSync(directory, { recursive: true });
    await chart.publish("# ours\n{}\n");
    // Time stands still beyond this look.
    await clock.advance(1_000);
    await until(() => clock.sleepingMs.length === 1, { timeoutMs: 2_000, what: "the watch to be open" });
  }
  await end();
});

test("where no events come, a look now and then notices", async () => {
  const chart = { path: "/no/such/directory/portolan.yml", isAsPublished: async () => false };
  const clock = createFakeClock();
  const stop = new AbortController();
  let calls = 0;
  const watching = watchChart(chart, clock, () => (calls += 1), stop.signal);
  await clock.advance(3_500);
  expect(calls).toBe(4);
  stop.abort();
  await watching;
});

test("our own publications are no external change", async () => {
  const { chart, clock, calls, end } = await watched();
  for (let version = 0; version < 20; version += 1) {
    await chart.publish(`# ours\n{"v":${version}}\n`);
    await clock.advance(1_000);
  }
  expect(calls()).toBe(0);
  await end();
});
