/**
 * Compares portolan with Traefik's own providers over random catalogs, and its default mode with `compat: traefik`:
 *
 *   npm run fuzz -- --seed 7 --cases 3000 --source both
 *
 * Prints agreements, disagreements as golden cases, and how often each field, each branch and each deviation occurred.
 * Exits 0 when all agree and enough of everything occurred.
 */
import { parseArgs } from "node:util";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { runCampaign } from "./campaign.ts";
import { goldenCase } from "./golden-case.ts";
import { judge } from "./judge/judge.ts";
import { WORLDS } from "./worlds/worlds.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "1000" },
    source: { type: "string", default: "both" },
    /** Stop after this many disagreements. */
    most: { type: "string", default: "10" },
  },
});

/** Cases between two lines of progress. */
const PROGRESS_EVERY = 500;

/** Of 5,000 cases 20; of fewer in proportion. */
function wantedOf(cases: number): number {
  return Math.min(20, Math.floor(cases / 250));
}

/** Whether all is well. */
async function fuzz(source: string, oracle: Oracle): Promise<boolean> {
  const startWorld = WORLDS.get(source);
  if (startWorld === undefined) {
    throw new Error(`--source ${source} is not known, allowed is: ${[...WORLDS.keys()].join(", ")}, both`);
  }
  const cases = Number(values.cases);
  const startedAtMs = performance.now();
  const world = await startWorld();
  // Minutes may pass until the result.
  const progress = (left: number) => {
    const done = cases - left;
    if (done % PROGRESS_EVERY === 0) console.log(`${source}: ${done} of ${cases} catalogs compared`);
  };
  const { agreed, incomparable, disagreements, coverage } = await runCampaign(
    (candidate) => judge(candidate, world, oracle),
    { catalog: world.catalog, seed: Number(values.seed), cases, most: Number(values.most), progress },
  );
  await world.stop();

  for (const line of coverage.describe()) console.log(line);
  for (const { smallest, config, differences, text, seed } of disagreements) {
    const found = differences.map((line) => `# ${line}`).join("\n");
    console.log(`--- seed ${seed}\n${found}\n${goldenCase(smallest, config)}${text}`);
  }
  const shortcomings = disagreements.length === 0 ? coverage.shortcomings(wantedOf(cases)) : [];
  for (const line of shortcomings) console.log(`RARE: ${line}`);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  for (const [reason, count] of incomparable) console.log(`${String(count).padStart(7)}  not compared: ${reason}`);
  console.log(`${source}: ${agreed} agree, ${disagreements.length} disagree, in ${seconds} s`);
  return disagreements.length === 0 && shortcomings.length === 0;
}

const tool = await findTool("oracle");
if (tool === undefined) throw new Error("no oracle; run test/tools/install oracle");
const oracle = startOracle(tool);
process.exitCode = 0;
for (const source of values.source === "both" ? WORLDS.keys() : [values.source]) {
  if (!(await fuzz(source, oracle))) process.exitCode = 1;
}
await oracle.stop();
