import type { Expression } from "../predicate/expression.ts";

/** An expression as a rule spells it. Arguments stand as they were written. */
export function ruleText(expression: Expression): string {
  switch (expression.kind) {
    case "call":
      return `${expression.name.text}(${expression.arguments.map(({ text }) => text).join(", ")})`;
    case "not":
      return `!${inParentheses(expression.operand)}`;
    case "all":
      return expression.operands.map(inParentheses).join(" && ");
    case "any":
      return expression.operands.map(ruleText).join(" || ");
  }
}

function inParentheses(operand: Expression): string {
  const isChain = operand.kind === "any" || operand.kind === "all";
  return isChain ? `(${ruleText(operand)})` : ruleText(operand);
}
