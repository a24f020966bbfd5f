import { AppError, EXIT_CODES } from "../src/base/errors.ts";
import { startBackends } from "./backends.ts";
import { measureBurst } from "./burst.ts";
import { watchOthers } from "./busyness.ts";
import { measureChanges, measureSecondChanges } from "./changes.ts";
import { measureStarts } from "./cold-start.ts";
import { measureDeploys } from "./deploys.ts";
import { buildEarlier } from "./earlier-build.ts";
import { createFigures, type Figures } from "./figures.ts";
import { measureIdleness } from "./idle.ts";
import { describeMachine } from "./machine.ts";
import { type Benchmark, type Options, type PeerName, parseOptions } from "./options.ts";
import { PRESENT_BUILD } from "./program.ts";
import { comparison, jsonLines, table } from "./report.ts";
import { requireBinary } from "./require-binary.ts";
import { BUSY_PERCENT } from "./results.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";
import { createWorld } from "./world.ts";

type Measure = (stage: Stage, figures: Figures) => Promise<void>;

const MEASURE: Readonly<Record<Benchmark, Measure>> = {
  changes: measureChanges,
  soon: measureSecondChanges,
  "cold-start": ofEachBuild(measureStarts),
  idle: ofEachBuild(measureIdleness),
  burst: ofEachBuild(measureBurst),
  deploys: measureDeploys,
};

/** What concerns portolan alone, for the build that is compared with, if any, and then for the present one. */
function ofEachBuild(measure: (stage: Stage, figures: Figures, peer: PeerName) => Promise<void>): Measure {
  return async (stage, figures) => {
    const { before } = stage;
    if (before !== undefined) await measure({ ...stage, program: before }, figures, "portolan-before");
    await measure(stage, figures, "portolan");
  };
}

/** Prepares everything, measures and reports. What was measured is reported also where the time was too short. */
async function main(stop: AbortSignal): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const consul = await requireBinary("consul");
  const traefik = await requireBinary("traefik");
  const machine = await describeMachine(consul, traefik);
  const teardown = createTeardown();
  const earlier = options.compare === undefined ? undefined : await buildEarlier(options.compare, stop);
  if (earlier !== undefined) teardown.add(earlier.remove);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  const figures = createFigures();
  const backends = await startBackends(Math.max(2, options.instances));
  teardown.add(backends.close);
  const { ports } = backends;
  const world = createWorld({ ...options, ports });
  const others = watchOthers();
  let isComplete = false;
  try {
    const stage = { options, consul, traefik, program: PRESENT_BUILD, world, ports, signal };
    const before = earlier === undefined ? {} : { before: earlier.program };
    await MEASURE[options.benchmark]({ ...stage, ...before }, figures);
    isComplete = true;
  } catch (error) {
    if (!signal.aborted) throw error;
    say(
      stop.aborted
        ? "interrupted"
        : `ended after ${options.maxSeconds} s (--max-seconds), before everything was measured`,
    );
  } finally {
    await teardown.run();
  }
  const busyPercent = others();
  if (busyPercent > BUSY_PERCENT) say(`others used ${busyPercent} % of the processors: figures of time say little`);
  process.stdout.write(jsonLines(figures.all(), options, { machine, busyPercent }));
  say(`${describe(options)}; ${machine}`);
  say(table(figures.all(), options));
  if (earlier !== undefined) say(`\n${comparison(figures.all(), earlier.revision)}`);
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
