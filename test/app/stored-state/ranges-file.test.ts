import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRangesFile } from "../../../src/app/stored-state/ranges-file.ts";
import { createScratch } from "../../output/scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "state.json");
});

afterEach(() => scratch.remove());

test("dynamic ranges come back as they were", async () => {
  const ranges = { "http://a:4646": { clients: 2, ranges: [{ first: 21_000, last: 22_000 }] } };
  await createRangesFile(path).save(ranges, 7);
  expect(await createRangesFile(path).load()).toEqual({ kind: "loaded", value: ranges, writtenAtMs: 7 });
});

test.each<[unknown]>([[[]], [{ a: { clients: 0, ranges: [] } }], [{ a: { clients: 1, ranges: [{ first: "1" }] } }]])(
  "%j is set aside",
  async (value) => {
    writeFileSync(path, JSON.stringify({ portolan: "state", format: 1, writtenAtMs: 7, value }));
    expect(await createRangesFile(path).load()).toMatchObject({ kind: "setAside" });
  },
);
