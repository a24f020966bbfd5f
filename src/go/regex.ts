import { type Matcher, RE2JS, RE2JSException } from "re2js";

/** A regular expression that Go takes, ready to be applied. */
export interface Regex {
  isMatch(text: string): boolean;
  /** Looks for the first match at or behind a place of the text; each search is linear in what is left of it. */
  searchIn(text: string): (from: number) => RegexMatch | undefined;
}

/** Where a match is in the text, in JavaScript's characters, and its groups by number and by name. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: ReadonlyMap<string, string>;
}

export type CompiledRegex =
  | { readonly kind: "compiled"; readonly regex: Regex }
  /** Go's own words for what is wrong with it. */
  | { readonly kind: "refused"; readonly reason: string };

/** RE2JS refuses a name that two groups have, Go does not. */
const GROUP_NAME = /(?<!\\)\(\?P?<[0-9A-Za-z_]+>/g;

/**
 * Go's `regexp` in Perl mode, as Traefik uses it: unanchored, linear in the text, no look-around, no back references.
 * Where two groups have one name, no group has any.
 */
export function compileRegex(pattern: string): CompiledRegex {
  const compiled = compileNamedRegex(pattern);
  if (compiled.kind === "compiled" || !compiled.reason.includes("duplicate capture group name")) return compiled;
  const unnamed = pattern.replace(GROUP_NAME, "(");
  return unnamed === pattern ? compiled : compileRegex(unnamed);
}

/** The same for those who need the groups by name: a name that two groups have is refused. */
export function compileNamedRegex(pattern: string): CompiledRegex {
  // What is no UTF-8 is no pattern for Go.
  if (!pattern.isWellFormed()) return { kind: "refused", reason: "invalid UTF-8" };
  try {
    return { kind: "compiled", regex: regexOf(RE2JS.compile(pattern)) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { kind: "refused", reason: error.message };
  }
}

function regexOf(compiled: RE2JS): Regex {
  return {
    isMatch: (text) => compiled.matcher(text).find(),
    searchIn(text) {
      const matcher = compiled.matcher(text);
      return (from) => {
        if (!matcher.find(from)) return undefined;
        return { start: matcher.start(), end: matcher.end(), groups: groupsOf(compiled, matcher) };
      };
    },
  };
}

function groupsOf(compiled: RE2JS, matcher: Matcher): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (let number = 0; number <= compiled.groupCount(); number++) groups.set(`${number}`, matcher.group(number) ?? "");
  for (const [name, number] of Object.entries(compiled.namedGroups())) groups.set(name, matcher.group(number) ?? "");
  return groups;
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
