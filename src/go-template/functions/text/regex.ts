import { type CompiledRegex, compileNamedRegex, type Regex, type RegexMatch, regexCost } from "../../../go/regex.ts";
import { type Budget, MAX_BYTES } from "../../budget.ts";
import { TemplateFault } from "../../fault.ts";
import { bytesOf, textOf } from "../../value/bytes.ts";
import { type GoList, strings } from "../../value/value.ts";
import { fixed, type GoFunction, INT, TEXT } from "../parameter.ts";

/** A pattern takes far longer to compile than to apply to a name. */
const STEPS_PER_PATTERN = 50;
const COST_PER_STEP = 4;

/** sprig's `regexMatch` takes a broken pattern for one that does not match. */
const match = fixed([TEXT, TEXT], (budget, pattern, text) => {
  const compiled = parsePattern(pattern, budget);
  return compiled.kind === "compiled" && matchesOf(compiled.regex, textOf(text), 1, budget).length > 0;
});
const mustMatch = fixed([TEXT, TEXT], (budget, pattern, text) => {
  return matchesOf(compile(pattern, budget), textOf(text), 1, budget).length > 0;
});
const find = fixed([TEXT, TEXT], (budget, pattern, text) =>
  bytesOf(matchesOf(compile(pattern, budget), textOf(text), 1, budget)[0]?.text ?? ""),
);
const findAll = fixed(
  [TEXT, TEXT, INT],
  (budget, pattern, text, limit): GoList =>
    strings(matchesOf(compile(pattern, budget), textOf(text), limit, budget).map((found) => bytesOf(found.text))),
);
const replace = fixed([TEXT, TEXT, TEXT], (budget, pattern, text, by) => {
  return replaceMatches(pattern, textOf(text), (found) => expand(textOf(by), found), budget);
});
const replaceLiteral = fixed([TEXT, TEXT, TEXT], (budget, pattern, text, by) => {
  return replaceMatches(pattern, textOf(text), () => textOf(by), budget);
});
const split = fixed(
  [TEXT, TEXT, INT],
  (budget, pattern, text, limit): GoList => strings(splitAt(pattern, textOf(text), limit, budget).map(bytesOf)),
);

/** sprig's functions on regular expressions, which are RE2's as in Go: none takes more than linear time. */
export const REGEX_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  regexMatch: match,
  mustRegexMatch: mustMatch,
  regexFind: find,
  mustRegexFind: find,
  regexFindAll: findAll,
  mustRegexFindAll: findAll,
  regexReplaceAll: replace,
  mustRegexReplaceAll: replace,
  regexReplaceAllLiteral: replaceLiteral,
  mustRegexReplaceAllLiteral: replaceLiteral,
  regexSplit: split,
  mustRegexSplit: split,
  regexQuoteMeta: fixed([TEXT], (_, text) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
};

interface Match extends RegexMatch {
  readonly text: string;
}

function parsePattern(pattern: string, budget: Budget): CompiledRegex {
  const text = textOf(pattern);
  budget.spend(STEPS_PER_PATTERN + Math.ceil(regexCost(text) / COST_PER_STEP));
  return compileNamedRegex(text);
}

function compile(pattern: string, budget: Budget): Regex {
  const parsed = parsePattern(pattern, budget);
  if (parsed.kind === "compiled") return parsed.regex;
  const found = JSON.stringify(textOf(pattern).toWellFormed());
  throw new TemplateFault(`${found} is no regular expression of RE2: ${parsed.reason}`);
}

/** Up to `limit` matches, all if it is negative. An empty one right behind another does not count, as in Go. */
function matchesOf(regex: Regex, text: string, limit: number, budget: Budget): Match[] {
  const search = regex.searchIn(text);
  const matches: Match[] = [];
  let previousEnd = -1;
  for (let at = 0; at <= text.length && (limit < 0 || matches.length < limit); ) {
    // Each search is linear in what is left, so that all together need not be.
    budget.spendBytes(text.length - at + 1);
    const found = search(at);
    if (found === undefined) break;
    const { start, end } = found;
    if (end > start || start !== previousEnd) matches.push({ ...found, text: text.slice(start, end) });
    previousEnd = end;
    at = end > start ? end : end + (/^[\ud800-\udbff]/.test(text.slice(end, end + 1)) ? 2 : 1);
  }
  return matches;
}

function replaceMatches(pattern: string, text: string, by: (found: Match) => string, budget: Budget): string {
  let replaced = "";
  let end = 0;
  for (const found of matchesOf(compile(pattern, budget), text, -1, budget)) {
    replaced += text.slice(end, found.start) + by(found);
    end = found.end;
    if (replaced.length > MAX_BYTES) budget.spendBytes(replaced.length);
  }
  return bytesOf(replaced + text.slice(end));
}

/** Go's `$1`, `${1}`, `$name` and `$$`. A name is as long as it can be, so `$1x` is the group `1x`, which is empty. */
function expand(replacement: string, { groups }: Match): string {
  return replacement.replace(/\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (_, dollar, name, braced) =>
    dollar === undefined ? (groups.get(name ?? braced) ?? "") : "$",
  );
}

/** Go's `Regexp.Split`. */
function splitAt(pattern: string, text: string, limit: number, budget: Budget): string[] {
  const matches = matchesOf(compile(pattern, budget), text, limit, budget);
  if (limit === 0) return [];
  if (pattern !== "" && text === "") return [""];
  const pieces: string[] = [];
  let start = 0;
  let end = 0;
  for (const found of matches) {
    if (limit > 0 && pieces.length >= limit - 1) break;
    end = found.start;
    if (found.end !== 0) pieces.push(text.slice(start, end));
    start = found.end;
  }
  if (end !== text.length) pieces.push(text.slice(start));
  return pieces;
}
