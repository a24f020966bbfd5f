import { regexCost } from "../../../go/regex.ts";
import type { Call } from "../predicate/expression.ts";
import type { RuleSyntax } from "./syntax.ts";

/**
 * What compiling the regular expressions among a matcher's arguments costs (`regexCost`), in Traefik as here. In syntax v2
 * every matcher may hold some, in braces.
 */
export function regexCostOf({ name, arguments: found }: Call, syntax: RuleSyntax): number {
  const isRegex = name.text.toLowerCase().endsWith("regexp");
  return found.reduce(
    (sum, { value }) => sum + (isRegex || (syntax === "v2" && value.includes("{")) ? regexCost(value) : 0),
    0,
  );
}
