import type { ConfigObject, RouterSection } from "../chart/dynamic-config.ts";
import { type Expression, parseExpression } from "../predicate/expression.ts";
import { maskRule } from "../rule/mask-rule.ts";
import type { RuleProtocol } from "../rule/matchers.ts";
import type { KnownRequest } from "./known-request.ts";
import { matchCall } from "./match-call.ts";
import { ruleText } from "./rule-text.ts";

/**
 * Whether a rule takes a request. `if`: it depends on what the URL does not tell, such as a header, a method or the client's
 * address; `condition` is what is left of the rule, as a rule, without what may be a secret in it.
 */
export type Match =
  | { readonly kind: "yes" }
  | { readonly kind: "no" }
  | { readonly kind: "if"; readonly condition: string };

const YES: Match = { kind: "yes" };
const NO: Match = { kind: "no" };

/**
 * Evaluates a router's rule as Traefik does, as far as the URL goes. UDP routers take no request, and a rule that cannot be read
 * takes none: Traefik disables its router.
 */
export function matchRouter(section: RouterSection, router: ConfigObject, request: KnownRequest): Match {
  if (section === "udp/routers") return NO;
  const protocol: RuleProtocol = section === "tcp/routers" ? "tcp" : "http";
  const expression = parseExpression(String(router["rule"] ?? ""));
  if (expression.kind === "flaw") return NO;
  const left = leftOf(expression, (call) =>
    matchCall(protocol, router["ruleSyntax"] === "v2" ? "v2" : "v3", call, request),
  );
  if (left === true) return YES;
  return left === false ? NO : { kind: "if", condition: maskRule(ruleText(left)) };
}

/** What is left of a rule once all is worked out that is known: true, false, or the part that is open. */
type Left = boolean | Expression;

function leftOf(
  expression: Expression,
  known: (call: Expression & { readonly kind: "call" }) => boolean | undefined,
): Left {
  switch (expression.kind) {
    case "call":
      return known(expression) ?? expression;
    case "not": {
      const left = leftOf(expression.operand, known);
      return typeof left === "boolean" ? !left : { kind: "not", operand: left };
    }
    case "all":
    case "any": {
      const decides = expression.kind === "any";
      const open: Expression[] = [];
      for (const operand of expression.operands) {
        const left = leftOf(operand, known);
        if (left === decides) return decides;
        if (typeof left !== "boolean") open.push(left);
      }
      const [first, second] = open;
      if (first === undefined) return !decides;
      return second === undefined ? first : { kind: expression.kind, operands: open };
    }
  }
}
