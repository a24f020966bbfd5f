import type { Oracle } from "../../support/oracle.ts";
import type { PortolanProcess } from "../../support/portolan-process.ts";
import type { SoakCatalog } from "../soak-catalog.ts";
import { type Census, type Scale, SMALL } from "../weather/census.ts";
import { type Circumstances, largeLifeNumber, lifeNumber } from "../weather/climates.ts";
import { createDice, type Dice } from "../weather/dice.ts";
import { describeSteps, perform, type Tally } from "../weather/perform.ts";
import { firstRound, nextRound, type Step } from "../weather/weather.ts";
import { describeFigures, type Figures, growth, takeFigures } from "./figures.ts";
import type { Home } from "./home.ts";
import { strangeLines } from "./log-lines.ts";
import type { MemoryCurve } from "./memory-curve.ts";
import { awaitMoment } from "./moment.ts";
import { readPortolanStatus } from "./portolan-view.ts";

export interface SoakOptions {
  readonly catalog: SoakCatalog;
  readonly home: Home;
  readonly oracle: Oracle;
  readonly seed: number;
  readonly scale?: Scale;
  /** Notes the memory of each life. */
  readonly curve?: MemoryCurve;
  print(line: string): void;
}

export interface Outcome {
  readonly moments: number;
  readonly lives: number;
  /** The fewest services that portolan knew at a moment. */
  readonly services: number;
  /** What was wrong at the moment or in the life that all ended with, after all that is known about it. */
  readonly problems: readonly string[];
  readonly tally: Tally;
}

const LAST_LINES = 200;

/** Runs one portolan process after the other until it is stopped or something is wrong; prints a line for each moment. */
export async function liveThrough(options: SoakOptions, goesOn: () => boolean): Promise<Outcome> {
  const { catalog, home, oracle, seed, print, curve, scale = SMALL } = options;
  const tally: Tally = new Map();
  const { keepsDataOverRestart: keepsData } = catalog;
  const first = firstRound(createDice(seed, 0), scale);
  const { census } = first;
  let moments = 0;
  let rounds = 0;
  let fewestServices = Number.POSITIVE_INFINITY;

  /** What happens next; each round has dice of its own. */
  function next({ spells, isCrowded }: Pick<Circumstances, "spells" | "isCrowded">): {
    readonly steps: readonly Step[];
    readonly dice: Dice;
  } {
    rounds += 1;
    const dice = createDice(seed, rounds);
    return { steps: nextRound(census, dice, { spells, keepsData, isCrowded }), dice };
  }

  /** One life; what was wrong in it. */
  async function live(number: number): Promise<readonly string[]> {
    const { circumstances, moments: ownMoments } =
      scale.services === undefined ? lifeNumber(number, seed) : largeLifeNumber(number, seed);
    const name = `life ${number} (${circumstances.name})`;
    const portolan = await home.enter(catalog.watched.url, circumstances);
    curve?.begin(portolan.pid, circumstances.name);
    try {
      let start: Figures | undefined;
      for (let moment = 0; moment < ownMoments && (moment === 0 || goesOn()); moment += 1) {
        const problems = await liveMoment(portolan, circumstances, moment === 0, name);
        if (problems.length > 0) return problems;
        if (moment === Math.min(10, ownMoments / 10)) start = await takeFigures(portolan);
      }
      const problems = await endLife(portolan, start, circumstances, createDice(seed, number, 1));
      return problems.length === 0 ? [] : [`${name}:`, ...problems];
    } finally {
      curve?.end();
      portolan.kill("SIGKILL");
      await portolan.ended();
    }
  }

  /** The first moment of a life is about what has changed before it. */
  async function liveMoment(
    portolan: PortolanProcess,
    circumstances: Circumstances,
    isFirst: boolean,
    life: string,
  ): Promise<readonly string[]> {
    const { spells } = circumstances;
    const round = isFirst ? undefined : next(circumstances);
    const steps = round?.steps ?? [];
    await perform(steps, catalog, tally);
    const isLong = spells === "all" && round?.dice.percent(30) === true;
    const { wrong, tookMs, judgedMs, strategy, services, indexResets } = await awaitMoment(
      { catalog, home, portolan, oracle },
      isLong,
    );
    moments += 1;
    fewestServices = Math.min(fewestServices, services);
    const place = `moment ${moments}, round ${rounds}, ${life}`;
    // What was wrong comes last: the reader of a long output starts at its end.
    if (wrong.length > 0) {
      return [...(await evidence(portolan, steps, census)), `${place}: the chart is not right`, ...wrong];
    }
    if (spells === "none" && indexResets > 0) return [`${place}: a healthy catalog was taken for a restored one`];
    const judging = `the judge took ${judgedMs.toFixed(0)}`;
    print(`${place}: ${strategy}, ${services} services, right after ${tookMs.toFixed(0)} ms, of which ${judging}`);
    return [];
  }

  async function endLife(
    portolan: PortolanProcess,
    start: Figures | undefined,
    { connectionBudget }: Circumstances,
    dice: Dice,
  ): Promise<readonly string[]> {
    const problems: string[] = [];
    if (start !== undefined) {
      const end = await takeFigures(portolan);
      print(`  from ${describeFigures(start)} to ${describeFigures(end)}`);
      problems.push(...growth(start, end, connectionBudget, scale.services));
    }
    if (dice.percent(50)) {
      portolan.kill("SIGKILL");
      await portolan.ended();
    } else {
      const code = await portolan.stop();
      if (code !== 0) problems.push(`it ended with ${code}`);
    }
    problems.push(...strangeLines(portolan.log()), ...home.eyewitness.offences);
    return problems;
  }

  await perform(first.steps, catalog, tally);
  for (let number = 0; ; number += 1) {
    const problems = await live(number);
    const lived = { moments, lives: number + 1, services: fewestServices, tally };
    if (problems.length > 0 || !goesOn()) return { ...lived, problems };
    // What changes between two processes must be seen by the next one.
    await perform(next({ spells: "none", isCrowded: false }).steps, catalog, tally);
  }
}

/** What can be known about a chart that is not right. */
async function evidence(portolan: PortolanProcess, steps: readonly Step[], census: Census): Promise<readonly string[]> {
  const status = await readPortolanStatus(portolan.url).then(({ source }) => JSON.stringify(source), String);
  return [
    `--- portolan says: ${status}`,
    `--- nodes: ${[...census.nodes.values()].map(({ name, address }) => `${name} ${address}`).join(", ")}`,
    "--- the round:",
    ...describeSteps(steps),
    `--- the last ${LAST_LINES} lines of its log:`,
    ...portolan.log().split("\n").slice(-LAST_LINES),
  ];
}
