import { RE2JS, RE2JSException } from "re2js";

export type CompiledRegex =
  | { readonly kind: "compiled"; isMatch(text: string): boolean }
  /** Go's own words for what is wrong with it. */
  | { readonly kind: "refused"; readonly reason: string };

/** RE2JS refuses a name that two groups have, Go does not. Nobody asks for the groups. */
const GROUP_NAME = /(?<!\\)\(\?P?<[0-9A-Za-z_]+>/g;

/** Go's `regexp` in Perl mode, as Traefik uses it: unanchored, linear in the text, no look-around, no back references. */
export function compileRegex(pattern: string): CompiledRegex {
  // What is no UTF-8 is no pattern for Go.
  if (!pattern.isWellFormed()) return { kind: "refused", reason: "invalid UTF-8" };
  try {
    const regex = RE2JS.compile(pattern);
    return { kind: "compiled", isMatch: (text) => regex.matcher(text).find() };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const unnamed = pattern.replace(GROUP_NAME, "(");
    const isNameTaken = error.message.includes("duplicate capture group name") && unnamed !== pattern;
    return isNameTaken ? compileRegex(unnamed) : { kind: "refused", reason: error.message };
  }
}

/** A counted repetition, and the parenthesis before it where it repeats a group. */
const REPETITION = /(\))?\{([0-9]{1,4})(?:,([0-9]{0,4}))?\}/g;
/** Tables of Unicode; ranges that leave ASCII, which are walked through where case is ignored. */
const UNICODE_CLASS = /\\p/gi;
const WIDE_RANGE = /-(?:\\x|[^\0-\x7f])/g;
const IGNORES_CASE = /\(\?[a-zA-Z]*i/;

/**
 * An upper bound for the work of compiling: 20,000 take some 50 ms. Go lets a pattern of 7,000 characters grow to a
 * million instructions (`a{1000}a{1000}…`), which would stop the process for seconds.
 */
export function regexCost(pattern: string): number {
  let size = pattern.length + 100 * count(pattern, UNICODE_CLASS);
  if (IGNORES_CASE.test(pattern)) size += 2_000 * count(pattern, WIDE_RANGE);
  let nesting = 1;
  for (const [, group, least = "", most = ""] of pattern.matchAll(REPETITION)) {
    const times = Math.max(Number(least), Number(most));
    if (group === undefined) size += times;
    else nesting *= Math.max(times, 1);
  }
  // Go refuses repetitions that multiply to more than 1000.
  return size * Math.min(nesting, 1_000);
}

function count(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length;
}
