import type { Climate } from "./weather.ts";

/** What one life of portolan is like: how it watches, and what befalls the catalog meanwhile. */
export interface Circumstances {
  readonly name: string;
  readonly spells: Climate["spells"];
  /** How long the catalog holds a query: far longer than a moment may take, so that no wait heals a lost wake-up … */
  readonly wait: string;
  /** … or short, where the truth cannot come earlier. */
  readonly connectionBudget: number;
  readonly isCrowded: boolean;
}

const WEATHERS = [
  { name: "changes alone", spells: "none", wait: "5m", isCrowded: false },
  { name: "open faults", spells: "open", wait: "5m", isCrowded: false },
  { name: "open and hidden faults", spells: "all", wait: "2s", isCrowded: false },
  // Waits end among the changes, as those of a minute do in hours.
  { name: "a crowd that changes all the time", spells: "none", wait: "2s", isCrowded: true },
] as const;

/** As the catalog grows and shrinks: a poll per service; services and nodes in turn; nodes and sweeps in turn. */
const BUDGETS = [64, 16, 8];

/** All of them, each once; lives take them in turn. */
export const CIRCUMSTANCES: readonly Circumstances[] = WEATHERS.flatMap((weather) =>
  BUDGETS.map((connectionBudget) => ({
    ...weather,
    connectionBudget,
    name: `${weather.name}, budget ${connectionBudget}`,
  })),
);

const MOMENTS_OF_FIRST_LIVES = 10;
/** So long that memory shows whether it grows: some quarter of an hour. */
const MOMENTS_OF_LARGE_LIVES = 100;
const LARGE_CIRCUMSTANCES = CIRCUMSTANCES.filter(({ connectionBudget }) => connectionBudget === BUDGETS[0]);

/** Of a large world: every weather in turn, in long lives; the first is another for each seed. */
export function largeLifeNumber(
  number: number,
  seed: number,
): { readonly circumstances: Circumstances; readonly moments: number } {
  const circumstances = LARGE_CIRCUMSTANCES[(number + seed) % LARGE_CIRCUMSTANCES.length];
  if (circumstances === undefined) throw new RangeError(`there is no life ${number}`);
  return { circumstances, moments: MOMENTS_OF_LARGE_LIVES };
}

/**
 * The first life is another for each seed. Later ones are longer, by number and not by the clock, so that the same seed
 * leads to the same actions.
 */
export function lifeNumber(
  number: number,
  seed: number,
): { readonly circumstances: Circumstances; readonly moments: number } {
  const circumstances = CIRCUMSTANCES[(number + seed) % CIRCUMSTANCES.length];
  if (circumstances === undefined) throw new RangeError(`there is no life ${number}`);
  const turn = Math.floor(number / CIRCUMSTANCES.length);
  return { circumstances, moments: MOMENTS_OF_FIRST_LIVES * (1 + turn) };
}
