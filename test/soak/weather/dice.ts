/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Dice {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
}

/** Dice for one purpose: other numbers beside the seed give other, independent dice (mulberry32). */
export function createDice(seed: number, ...purpose: readonly number[]): Dice {
  let state = [seed, ...purpose].reduce((mixed, number) => scramble(mixed + number), 0x50_72_74_6c);

  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    return Math.floor((scramble(state) / 2 ** 32) * limit);
  }
  return {
    below,
    percent: (share) => below(100) < share,
    pick<T>(from: readonly T[]): T {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new RangeError("there is nothing to pick from");
      return chosen;
    },
  };
}

function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 15), 1 | number);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
