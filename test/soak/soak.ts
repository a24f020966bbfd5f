/**
 * Portolan against a catalog in weather, for as long as one likes:
 *
 *   npm run soak -- --minutes 5 --seed 7 --catalog embedded
 *
 * Random changes and scheduled faults; whenever they pause, the chart must become what Traefik's own provider makes of
 * the same catalog. The same seed makes the same actions. One line for each such moment, and at the end how many there
 * were; exits 1 at the first difference, with all that is known about it.
 */
import { parseArgs } from "node:util";
import { startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { createHome } from "./life/home.ts";
import { liveThrough } from "./life/lives.ts";
import { CATALOGS } from "./soak-catalog.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    catalog: { type: "string", default: "embedded" },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const startCatalog = CATALOGS[values.catalog];
if (startCatalog === undefined || !(minutes > 0) || !Number.isSafeInteger(seed)) {
  throw new Error(`expected --minutes M --seed S --catalog ${Object.keys(CATALOGS).join("|")}`);
}
const tool = await findTool("oracle");
if (tool === undefined) throw new Error("no oracle; run test/tools/install oracle");

const oracle = startOracle(tool);
const catalog = await startCatalog();
const home = await createHome();
const print = (line: string) => console.log(line);
const endsAtMs = performance.now() + minutes * 60_000;
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
  });
}
try {
  const goesOn = () => !isInterrupted && performance.now() < endsAtMs;
  const { moments, problems, tally } = await liveThrough({ catalog, home, oracle, seed, print }, goesOn);
  for (const [name, count] of tally) print(`${String(count).padStart(7)}  ${name}`);
  print(`${home.eyewitness.looks} looks at the file; ${home.eyewitness.offences.length} found it other than whole`);
  for (const line of problems) print(line);
  const differences = problems.length === 0 ? 0 : 1;
  print(`${moments} moments, ${differences} differences; seed ${seed}, ${values.catalog} catalog`);
  process.exitCode = differences;
} finally {
  await home.leave();
  await catalog.stop();
  await oracle.stop();
}
