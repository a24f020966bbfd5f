import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createVersionFiles } from "../../../src/output/chart/version-files.ts";
import { createScratch } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let directory: string;

beforeEach(() => {
  scratch = createScratch();
  directory = join(scratch.dir, "versions");
});
afterEach(() => scratch.remove());

test("the last ones are kept, for the owner alone, under names that Traefik does not read", async () => {
  const files = createVersionFiles({ directory, keep: { newest: 3, older: [] } });
  for (const number of [1, 2, 3, 4, 5]) await files.keep(`text ${number}\n`, `reason ${number}`, number);
  expect(await files.list()).toMatchObject([
    { number: 5, publishedAtMs: 5, reason: "reason 5" },
    { number: 4, publishedAtMs: 4, reason: "reason 4" },
    { number: 3, publishedAtMs: 3, reason: "reason 3" },
  ]);
  expect(await files.text(3)).toBe("text 3\n");
  expect(await files.text(2)).toBeUndefined();
  const names = await readdir(directory);
  expect(names).toHaveLength(3);
  for (const name of names) {
    expect(name).not.toMatch(/\.(ya?ml|toml)$/);
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  }
});

test("numbers go on after a restart", async () => {
  await createVersionFiles({ directory, keep: { newest: 3, older: [] } }).keep("one", "", 1);
  const again = createVersionFiles({ directory, keep: { newest: 3, older: [] } });
  await again.keep("two", "", 2);
  expect((await again.list()).map(({ number }) => number)).toEqual([2, 1]);
});

test("a damaged one is neither listed nor read, and the others are", async () => {
  const files = createVersionFiles({ directory, keep: { newest: 3, older: [] } });
  await files.keep("one", "", 1);
  await files.keep("two", "", 2);
  const [first = ""] = (await readdir(directory)).toSorted((one, other) => one.localeCompare(other));
  await writeFile(join(directory, first), "damaged");
  expect((await files.list()).map(({ number }) => number)).toEqual([2]);
  expect(await files.text(1)).toBeUndefined();
});

test("before the first one there is none", async () => {
  expect(await createVersionFiles({ directory, keep: { newest: 3, older: [] } }).list()).toEqual([]);
});

test("a text that is kept already makes no other version, after a restart neither", async () => {
  const keep = { newest: 3, older: [] };
  const files = createVersionFiles({ directory, keep });
  await files.keep("one", "", 1);
  await files.keep("one", "", 2);
  await createVersionFiles({ directory, keep }).keep("one", "", 3);
  expect((await files.list()).map(({ number }) => number)).toEqual([1]);
});

test("a catalog that churns leaves the last chart of each hour, after a restart, too", async () => {
  const minuteMs = 60_000;
  const keep = { newest: 2, older: [{ everyMs: 60 * minuteMs, forMs: 180 * minuteMs }] };
  const startMs = 1_000 * 60 * minuteMs;
  for (let minute = 0; minute < 300; minute += 20) {
    await createVersionFiles({ directory, keep }).keep(`at minute ${minute}`, "", startMs + minute * minuteMs);
  }
  const kept = await createVersionFiles({ directory, keep }).list();
  expect(kept.map(({ publishedAtMs }) => (publishedAtMs - startMs) / minuteMs)).toEqual([280, 260, 220, 160]);
});
