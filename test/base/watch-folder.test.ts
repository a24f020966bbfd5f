import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchFolder } from "../../src/base/watch-folder.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { until } from "../support/await-until.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Time stands still: 200 ms are slept once something was noticed, 10 s before. */
function watched(isIgnored?: (name: string) => boolean) {
  const clock = createFakeClock();
  const watch = watchFolder(folder, clock, isIgnored);
  const stop = new AbortController();
  const changed = watch.changed(stop.signal);
  return {
    hasNoticed: () => clock.sleepingMs.includes(200),
    async end() {
      stop.abort();
      await changed;
      watch.close();
    },
  };
}

test("a change of a name that is ignored is none, and one of another name beside it is noticed", async () => {
  const [all, others] = [watched(), watched((name) => name === "own.yml" || name === "own.new")];
  writeFileSync(join(folder, "own.new"), "x");
  renameSync(join(folder, "own.new"), join(folder, "own.yml"));
  await until(() => all.hasNoticed(), { timeoutMs: 5_000, what: "the change to be noticed" });
  expect(others.hasNoticed()).toBe(false);
  writeFileSync(join(folder, "other.yml"), "x");
  await until(() => others.hasNoticed(), { timeoutMs: 5_000, what: "the other change to be noticed" });
  await all.end();
  await others.end();
});

test("a folder that is moved away is noticed whatever is ignored in it", async () => {
  const others = watched((name) => name === "own.yml");
  renameSync(folder, `${folder}.old`);
  await until(() => others.hasNoticed(), { timeoutMs: 5_000, what: "the move to be noticed" });
  await others.end();
  renameSync(`${folder}.old`, folder);
});
