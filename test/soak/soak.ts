/**
 * Portolan against a catalog in weather, for as long as one likes:
 *
 *   npm run soak -- --minutes 5 --seed 7 --catalog embedded
 *   npm run soak -- --minutes 60 --seed 16 --catalog consul --services 1000 --record docs/performance/soak.jsonl
 *
 * Random changes and scheduled faults; whenever they pause, the chart must become what Traefik's own provider makes of
 * the same catalog. The same seed makes the same actions. One line for each such moment, and at the end how many there
 * were; exits 1 at the first difference, with all that is known about it. With --services the world is large, and never has
 * fewer; lives are long, so that memory shows whether it grows. --record writes memory over time and what came of it.
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { watchOthers } from "../../bench/busyness.ts";
import type { SoakSummary } from "../../bench/results.ts";
import { startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { createHome } from "./life/home.ts";
import { liveThrough, type Outcome } from "./life/lives.ts";
import { startMemoryCurve } from "./life/memory-curve.ts";
import { CATALOGS } from "./soak-catalog.ts";
import { largeScale, SMALL } from "./weather/census.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    catalog: { type: "string", default: "embedded" },
    services: { type: "string" },
    record: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const services = values.services === undefined ? undefined : Number(values.services);
const startCatalog = CATALOGS[values.catalog];
const isLargeEnough = services === undefined || (Number.isSafeInteger(services) && services >= 100);
if (startCatalog === undefined || !(minutes > 0) || !Number.isSafeInteger(seed) || !isLargeEnough) {
  const catalogs = Object.keys(CATALOGS).join("|");
  throw new Error(`expected --minutes M --seed S --catalog ${catalogs}, and --services N from 100 on, --record FILE`);
}
const tool = await findTool("oracle");
if (tool === undefined) throw new Error("no oracle; run test/tools/install oracle");

/** Traefik's provider asks for each service by itself. */
const JUDGE_MS = 120_000;

const others = watchOthers();
const oracle = startOracle(tool, { timeoutMs: JUDGE_MS });
const catalog = await startCatalog();
const home = await createHome();
const curve = startMemoryCurve();
const print = (line: string) => console.log(line);
const startMs = performance.now();
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
  });
}
try {
  const goesOn = () => !isInterrupted && performance.now() - startMs < minutes * 60_000;
  const scale = services === undefined ? SMALL : largeScale(services);
  const outcome = await liveThrough({ catalog, home, oracle, seed, scale, curve, print }, goesOn);
  const { moments, problems, tally } = outcome;
  for (const [name, count] of tally) print(`${String(count).padStart(7)}  ${name}`);
  print(`${home.eyewitness.looks} looks at the file; ${home.eyewitness.offences.length} found it other than whole`);
  for (const line of problems) print(line);
  const differences = problems.length === 0 ? 0 : 1;
  if (values.record !== undefined) await record(values.record, outcome);
  print(`${moments} moments, ${differences} differences; seed ${seed}, ${values.catalog} catalog`);
  process.exitCode = differences;
} finally {
  await home.leave();
  await catalog.stop();
  await oracle.stop();
}

async function record(file: string, { moments, lives, services: fewest, problems, tally }: Outcome): Promise<void> {
  const changes = [...tally]
    .filter(([name]) => !name.startsWith("the catalog "))
    .reduce((sum, [, count]) => sum + count, 0);
  const summary: SoakSummary = {
    ...({ soak: "summary", minutes: Math.round((performance.now() - startMs) / 6_000) / 10, seed } as const),
    ...{
      catalog: values.catalog,
      services: fewest,
      lives,
      moments,
      differences: problems.length === 0 ? 0 : 1,
      changes,
    },
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.version}`,
    busyPercent: others(),
  };
  await writeFile(file, [summary, ...curve.samples].map((line) => `${JSON.stringify(line)}\n`).join(""));
}
