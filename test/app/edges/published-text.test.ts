import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FollowedText, followText } from "../../../src/app/edges/published-text.ts";
import { createChartFile } from "../../../src/output/chart/chart-file.ts";

const HEADER = "# header";
const FOUND = `${HEADER}\nfound\n`;

let dir: string;
let path: string;
let followed: FollowedText;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "portolan-text-"));
  path = join(dir, "watched", "chart.yml");
  for (const folder of ["watched", "staging"]) mkdirSync(join(dir, folder));
  followed = followText(createChartFile({ path, stagingDir: join(dir, "staging"), header: HEADER }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("there is none before the file is read or published, and none of a file of somebody else's", async () => {
  writeFileSync(path, FOUND);
  expect(followed.publishedText()).toBeUndefined();
  await followed.chart.read();
  expect(followed.publishedText()).toBe(FOUND);
  writeFileSync(path, "other: text\n");
  await followed.chart.read();
  expect(followed.publishedText()).toBeUndefined();
});

test("it is what was published last, byte by byte, whatever another process makes of the file", async () => {
  await followed.chart.publish(`${HEADER}\nnew\n`);
  expect(followed.publishedText()).toBe(readFileSync(path, "utf8"));
  writeFileSync(path, `${HEADER}\nedited\n`);
  expect(followed.publishedText()).toBe(`${HEADER}\nnew\n`);
});

test("what could not be published does not count", async () => {
  await followed.chart.publish(FOUND);
  rmSync(join(dir, "watched"), { recursive: true });
  await expect(followed.chart.publish(`${HEADER}\nnew\n`)).rejects.toThrow();
  expect(followed.publishedText()).toBe(FOUND);
});
