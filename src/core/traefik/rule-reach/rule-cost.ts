import { memoize, memoizeLatest } from "../../incremental/memoize.ts";
import type { ConfigObject, RouterSection } from "../chart/dynamic-config.ts";
import { type Call, callsOf, type Expression, parseExpression } from "../predicate/expression.ts";
import { regexCostOf } from "../rule/regex-cost.ts";
import type { RuleSyntax } from "../rule/syntax.ts";
import { shapesOf } from "./regex-shape.ts";

/**
 * What a router's rule costs beyond its text, for the router that applies it: what compiling its regular expressions costs, and the
 * ways in which it can match beyond one for each of its matchers. A rule that names hosts and paths one by one costs nothing.
 */
export function costOfRule(section: RouterSection, router: ConfigObject): number {
  return section === "udp/routers" ? 0 : COSTS[section](router);
}

const COSTS = {
  "http/routers": memoize(routerCost),
  "tcp/routers": memoize(routerCost),
};

function routerCost(router: ConfigObject): number {
  return BY_SYNTAX[router["ruleSyntax"] === "v2" ? "v2" : "v3"](String(router["rule"] ?? ""));
}

const BY_SYNTAX = {
  v2: memoizeLatest((rule) => textCost(rule, "v2")),
  v3: memoizeLatest((rule) => textCost(rule, "v3")),
};

function textCost(rule: string, syntax: RuleSyntax): number {
  const expression = parseExpression(rule);
  if (expression.kind === "flaw") return 0;
  let regexes = 0;
  let matchers = 0;
  for (const call of callsOf(expression)) {
    regexes += regexCostOf(call, syntax);
    matchers += Math.max(1, call.arguments.length);
  }
  return regexes + Math.max(0, Math.min(MOST_WAYS, waysOf(expression, false)) - matchers);
}

/** More are not analysed (reach.ts), and cost no more than that. */
const MOST_WAYS = 1_000;

/** The areas that the rule comes to, at most: alternatives add up, what must all hold multiplies. */
function waysOf(expression: Expression, isNegated: boolean): number {
  switch (expression.kind) {
    case "call":
      return waysOfCall(expression, isNegated);
    case "not":
      return waysOf(expression.operand, !isNegated);
    case "all":
    case "any": {
      const multiplies = (expression.kind === "all") !== isNegated;
      return expression.operands
        .map((operand) => waysOf(operand, isNegated))
        .reduce((one, other) => (multiplies ? one * other : one + other));
    }
  }
}

function waysOfCall({ name, arguments: found }: Call, isNegated: boolean): number {
  if (isNegated) return 1;
  const isRegex = /^(?:host|hostsni|path)regexp$/i.test(name.text);
  return found.reduce((sum, { value }) => sum + (isRegex ? (shapesOf(value)?.shapes.length ?? 1) : 1), 0) || 1;
}
