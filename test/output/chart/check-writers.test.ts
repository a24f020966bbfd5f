import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Strangers, strangersWarning } from "../../../src/output/chart/check-writers.ts";
import { createScratch } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;

beforeEach(() => {
  scratch = createScratch();
});
afterEach(() => scratch.remove());

test.each<[number, Strangers, string | undefined]>([
  [0o755, "group and others", undefined],
  [0o2750, "others", undefined],
  [0o2770, "others", undefined],
  [0o770, "group and others", "(mode 0770), who can replace what is in it; chmod go-w "],
  [0o757, "others", "(mode 0757), who can replace what is in it; chmod o-w "],
  [0o1777, "others", "(mode 1777)"],
])("a directory of mode %o, for %s: %s", async (mode, strangers, warning) => {
  chmodSync(scratch.dir, mode);
  const found = await strangersWarning(scratch.dir, strangers);
  if (warning === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(warning);
});

test("a missing directory is not reported here", async () => {
  expect(await strangersWarning(join(scratch.dir, "no"), "others")).toBeUndefined();
});
