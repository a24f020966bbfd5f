import { type CompiledRegex, compileRegex, regexCost } from "../../../go/regex.ts";

/**
 * The regular expression ready to be applied, from memory where it was asked for lately. Compiled it takes up to a kilobyte
 * for each unit of its cost, a thousand times its text and more: the ones that were asked for last are kept, up to
 * MOST_COST together, and any other is compiled again when it is asked for.
 */
export function compiledPattern(pattern: string): CompiledRegex {
  const known = recent.get(pattern);
  if (known !== undefined) {
    // Maps list their entries in the order in which they came: the oldest goes first.
    recent.delete(pattern);
    recent.set(pattern, known);
    return known;
  }
  const compiled = compileRegex(pattern);
  recent.set(pattern, compiled);
  keptCost += regexCost(pattern);
  for (const oldest of recent.keys()) {
    if (keptCost <= MOST_COST || oldest === pattern) break;
    recent.delete(oldest);
    keptCost -= regexCost(oldest);
  }
  return compiled;
}

/** 40 MB at most. More than the rules of all services may cost together (core/budgets), so that a pass compiles none twice. */
const MOST_COST = 40_000;

const recent = new Map<string, CompiledRegex>();
let keptCost = 0;
