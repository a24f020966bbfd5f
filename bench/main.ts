import { AppError, EXIT_CODES } from "../src/base/errors.ts";
import { startBackends } from "./backends.ts";
import { measureBurst } from "./burst.ts";
import { measureBusyness } from "./busyness.ts";
import { measureChanges } from "./changes.ts";
import { measureStarts } from "./cold-start.ts";
import { measureDeploys } from "./deploys.ts";
import { createFigures, type Figures } from "./figures.ts";
import { measureIdleness } from "./idle.ts";
import { describeMachine } from "./machine.ts";
import { type Benchmark, type Options, parseOptions } from "./options.ts";
import { jsonLines, table } from "./report.ts";
import { requireBinary } from "./require-binary.ts";
import { BUSY_PERCENT } from "./results.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createWorld } from "./world.ts";

const MEASURE: Readonly<Record<Benchmark, (stage: Stage, figures: Figures) => Promise<void>>> = {
  changes: measureChanges,
  "cold-start": measureStarts,
  idle: measureIdleness,
  burst: measureBurst,
  deploys: measureDeploys,
};

/** Prepares everything, measures and reports. What was measured is reported also where the time was too short. */
async function main(stop: AbortSignal): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const consul = await requireBinary("consul");
  const traefik = await requireBinary("traefik");
  const machine = await describeMachine(consul, traefik);
  const busyPercent = await measureBusyness();
  if (busyPercent > BUSY_PERCENT) say(`others use ${busyPercent} % of the processors: figures of time will say little`);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  const figures = createFigures();
  const backends = await startBackends(Math.max(2, options.instances));
  const { ports } = backends;
  const world = createWorld({ ...options, ports });
  let isComplete = false;
  try {
    await MEASURE[options.benchmark]({ options, consul, traefik, world, ports, signal }, figures);
    isComplete = true;
  } catch (error) {
    if (!signal.aborted) throw error;
    say(
      stop.aborted
        ? "interrupted"
        : `ended after ${options.maxSeconds} s (--max-seconds), before everything was measured`,
    );
  } finally {
    await backends.close();
  }
  process.stdout.write(jsonLines(figures.all(), options, { machine, busyPercent }));
  say(`${describe(options)}; ${machine}`);
  say(table(figures.all(), options));
  return isComplete ? EXIT_CODES.ok : EXIT_CODES.failure;
}

function describe({ benchmark, services, instances, nodes, catalog, scheme, strategy }: Options): string {
  const world = `${services} services × ${instances} on ${nodes} nodes`;
  return `${benchmark}: ${world}, ${catalog} catalog over ${scheme}, strategy ${strategy}`;
}

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // A second one ends at once; servers are ended by their own handles on exit.
    if (stop.signal.aborted) process.exit(EXIT_CODES.failure);
    say("stopping; once more to insist");
    stop.abort();
  });
}
try {
  process.exitCode = await main(stop.signal);
} catch (error) {
  say(error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = error instanceof AppError ? error.exitCode : EXIT_CODES.internal;
}
process.exit();
