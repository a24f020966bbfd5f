import { nearest } from "../../../base/nearest.ts";
import { compileRegex } from "../../../go/regex.ts";
import { type Call, callsOf, type Expression, parseExpression } from "../predicate/expression.ts";
import { type Flaw, flaw, quoted } from "../predicate/flaw.ts";

export type Constraints =
  | { readonly kind: "compiled"; matches(tags: readonly string[]): boolean }
  /** With the position, what is allowed, and the remedy. */
  | { readonly kind: "refused"; readonly message: string };

type Predicate = (tags: readonly string[]) => boolean;

const FUNCTIONS: ReadonlyMap<string, (value: string) => Predicate> = new Map([
  ["Tag", hasTag],
  ["TagRegex", hasTagLike],
]);

/**
 * Compiles what Traefik's providers call constraints, a predicate over all raw tags of a service: ``Tag(`…`)`` is equal
 * to a whole tag, ``TagRegex(`…`)`` finds Go's RE2 in one, unanchored; `&&`, `||`, `!` and parentheses join them. Names
 * are case-sensitive. An empty expression is true; a broken regular expression is false, without an error. The text is the
 * operator's own, so that only its length is limited, not the work of compiling it.
 */
export function compileConstraints(expression: string): Constraints {
  if (expression === "") return { kind: "compiled", matches: () => true };
  const parsed = parseExpression(expression);
  if (parsed.kind === "flaw") return refused(parsed);
  const problem = firstFlaw(parsed);
  return problem === undefined ? { kind: "compiled", matches: compile(parsed) } : refused(problem);
}

function refused({ position, message, remedy }: Flaw): Constraints {
  return { kind: "refused", message: `at character ${position + 1}: ${message}; ${remedy}` };
}

function firstFlaw(expression: Expression): Flaw | undefined {
  for (const { name, arguments: found } of callsOf(expression)) {
    const at = (message: string, remedy: string) => flaw(name.position, name.text.length, message, remedy);
    if (!FUNCTIONS.has(name.text)) {
      const message = `there is no function ${quoted(name.text)}, allowed are Tag and TagRegex`;
      return at(message, `write ${nearest(name.text, FUNCTIONS.keys()) ?? "Tag"}`);
    }
    if (found.length !== 1) {
      const message = `${name.text} takes 1 argument, found ${found.length}`;
      return at(message, "write one function for each tag, joined by || or &&");
    }
  }
}

function compile(expression: Expression): Predicate {
  switch (expression.kind) {
    case "call":
      return compileCall(expression);
    case "not": {
      const operand = compile(expression.operand);
      return (tags) => !operand(tags);
    }
    case "all": {
      const operands = expression.operands.map(compile);
      return (tags) => operands.every((operand) => operand(tags));
    }
    case "any": {
      const operands = expression.operands.map(compile);
      return (tags) => operands.some((operand) => operand(tags));
    }
  }
}

function compileCall({ name, arguments: [argument] }: Call): Predicate {
  return FUNCTIONS.get(name.text)?.(argument?.value ?? "") ?? (() => false);
}

function hasTag(value: string): Predicate {
  return (tags) => tags.includes(value);
}

function hasTagLike(pattern: string): Predicate {
  const compiled = compileRegex(pattern);
  return compiled.kind === "compiled" ? (tags) => tags.some((tag) => compiled.regex.isMatch(tag)) : () => false;
}
