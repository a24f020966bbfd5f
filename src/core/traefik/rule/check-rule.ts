import { callsOf, type Expression, parseExpression } from "../predicate/expression.ts";
import { type Flaw, flaw } from "../predicate/flaw.ts";
import { checkCall } from "./check-call.ts";
import type { RuleMatcher, RuleProtocol } from "./matchers.ts";
import { priorityByLength } from "./priority.ts";
import { regexCostOf } from "./regex-cost.ts";

export type CheckedRule =
  | {
      readonly kind: "sound";
      /** The priority that Traefik gives the router when it sets none, or 0. */
      readonly priorityByLength: number;
      /** In the order of the text. */
      readonly matchers: readonly RuleMatcher[];
    }
  | {
      readonly kind: "broken";
      /** Offset of the culprit in UTF-16 units. */
      readonly position: number;
      readonly length: number;
      readonly message: string;
      readonly remedy: string;
    };

/** Of all regular expressions of a rule together: some 50 ms. */
const MAX_REGEX_COST = 20_000;

/**
 * Would Traefik add a route for this rule (syntax v3)? Where it would log an error and disable the router, the answer
 * says where and why. Broken beyond that, so that no rule can stall the process: more than 65,536 characters, more than
 * 100 open parentheses, and regular expressions that take too long to compile.
 */
export function checkRule(protocol: RuleProtocol, rule: string): CheckedRule {
  const expression = parseExpression(rule);
  if (expression.kind === "flaw") return broken(expression);
  const costly = firstTooCostly(expression);
  if (costly !== undefined) return broken(costly);
  const matchers: RuleMatcher[] = [];
  for (const call of callsOf(expression)) {
    const matcher = checkCall(protocol, call);
    if ("kind" in matcher) return broken(matcher);
    const values = call.arguments.map((argument) => argument.value);
    matchers.push({ name: matcher.name, values, position: call.name.position });
  }
  return { kind: "sound", priorityByLength: priorityByLength(protocol, rule, matchers), matchers };
}

function broken({ position, length, message, remedy }: Flaw): CheckedRule {
  return { kind: "broken", position, length, message, remedy };
}

function firstTooCostly(expression: Expression): Flaw | undefined {
  let cost = 0;
  for (const call of callsOf(expression)) {
    const { name } = call;
    cost += regexCostOf(call, "v3");
    if (cost <= MAX_REGEX_COST) continue;
    const message = "the regular expressions of the rule grow too large when they are compiled";
    return flaw(name.position, name.text.length, message, "shorten them, and repeat fewer things by {n}");
  }
}
