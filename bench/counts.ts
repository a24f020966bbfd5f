import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { EXIT_CODES } from "../src/base/errors.ts";
import { compareCounts } from "./counts/compare.ts";
import { type Counts, countDaemon } from "./counts/daemon.ts";
import type { PassCounts } from "./counts/pass.ts";
import type { CountResult } from "./results.ts";
import { say } from "./say.ts";

/*
 * What does not depend on time, held against what is expected: npm run bench:counts. Requests, bytes, files and modules, and
 * what a pass allocates. Exits 1 where one got worse, or better without being noted. --renew notes what was counted; the
 * reason belongs into the message of the commit.
 */

const EXPECTED = join(import.meta.dirname, "../docs/performance/counts.jsonl");
const PASS_SERVICES = 1_000;
const DAEMON_SERVICES = 100;
/** No compiler, so that nothing is left out or added as it learns; no collection while it is counted. */
const COUNTED = [
  ...["--expose-gc", "--no-opt", "--no-maglev", "--no-sparkplug", "--single-threaded"],
  ...["--min-semi-space-size=512", "--max-semi-space-size=512"],
];

const { values: flags } = parseArgs({ options: { renew: { type: "boolean", default: false } } });

async function countPass(): Promise<Counts> {
  const program = join(import.meta.dirname, "counts/pass.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [...COUNTED, program, String(PASS_SERVICES)]);
  const { fromScratchBytes, afterOneChangeBytes, heldBytes } = JSON.parse(stdout) as PassCounts;
  return new Map([
    ["bytes allocated by a pass after one change", afterOneChangeBytes],
    ["bytes allocated by a pass from scratch, a service", Math.round(fromScratchBytes / PASS_SERVICES)],
    ["bytes held after a pass, a service", Math.round(heldBytes / PASS_SERVICES)],
  ]);
}

function asResults(counts: Counts, services: number): readonly CountResult[] {
  const { version: node } = process;
  return [...counts].map(([count, value]) => ({ count, services, instances: 3, value, node }));
}

const found = [
  ...asResults(await countPass(), PASS_SERVICES),
  ...asResults(await countDaemon(DAEMON_SERVICES), DAEMON_SERVICES),
];
if (flags.renew) {
  await writeFile(EXPECTED, found.map((line) => `${JSON.stringify(line)}\n`).join(""));
  say(`${found.length} counts noted in docs/performance/counts.jsonl; npm run docs shows them on the page`);
} else {
  const text = await readFile(EXPECTED, "utf8");
  const expected = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CountResult);
  const changed = compareCounts(found, expected);
  for (const line of changed) say(line);
  if (changed.length > 0) {
    say(
      "Where it got worse: undo it, or, where what it buys is worth that, say so in the commit that runs `npm run bench:counts -- --renew`.",
    );
  }
  say(`${found.length} counts, ${changed.length} other than expected`);
  process.exitCode = changed.length === 0 ? EXIT_CODES.ok : EXIT_CODES.failure;
}
