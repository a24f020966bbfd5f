import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ticksOfDescendants } from "../../bench/procfs.ts";

test("a process that this one has started and waited for is its own, not another's", () => {
  const before = ticksOfDescendants();
  const spin = "const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);";
  spawnSync(process.execPath, ["-e", spin]);
  // A tick is 10 ms.
  expect(ticksOfDescendants() - before).toBeGreaterThanOrEqual(25);
});
