import { faultsAt, TemplateFault } from "../fault.ts";
import type { Command, Operand, Pipe } from "./ast.ts";
import { parseNumber, unquote, unquoteCharacter } from "./literal.ts";
import type { Scope } from "./scope.ts";
import type { TokenKind } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";

/** Parentheses in parentheses: each takes some of JavaScript's stack. */
const MAX_DEPTH = 100;

/**
 * Reads a pipeline up to its end, which is gone then: `$x := first a b | second c`. A `range` may declare two
 * variables. Which functions there are is not asked here.
 */
export function parsePipe(
  tokens: TokenStream,
  scope: Scope,
  context: string,
  end: "close" | "rightParen" = "close",
  depth = 0,
): Pipe {
  if (depth > MAX_DEPTH) throw new TemplateFault(`more than ${MAX_DEPTH} parentheses in each other`, tokens.peek().at);
  const at = tokens.peek().at;
  const { variables, assigns } = parseVariables(tokens, scope, context);
  const commands: Command[] = [];
  do {
    const first = tokens.peek();
    if (first.kind === end && commands.length === 0) throw new TemplateFault(`missing value for ${context}`, first.at);
    commands.push(parseCommand(tokens, scope, context, depth));
  } while (tokens.takeIf("pipe") !== undefined);
  tokens.expect(end, context, end === "close" ? "| or }}" : "| or )");
  for (const name of assigns ? [] : variables) scope.declare(name);
  return { kind: "pipe", at, variables, assigns, commands };
}

function parseVariables(tokens: TokenStream, scope: Scope, context: string): Pick<Pipe, "variables" | "assigns"> {
  const mark = tokens.mark();
  const variables: string[] = [];
  for (;;) {
    const variable = tokens.takeIf("variable");
    if (variable === undefined) break;
    variables.push(variable.text);
    if (tokens.takeIf("declare") !== undefined) return { variables, assigns: false };
    if (tokens.takeIf("assign") !== undefined) {
      for (const name of variables) requireVariable(scope, name, variable.at);
      return { variables, assigns: true };
    }
    const comma = tokens.takeIf("comma");
    if (comma === undefined) break;
    if (context !== "range" || variables.length > 1) {
      throw new TemplateFault(`too many variables in ${context}; only range declares two`, comma.at);
    }
  }
  tokens.rewind(mark);
  return { variables: [], assigns: false };
}

function requireVariable(scope: Scope, name: string, at: number): void {
  if (!scope.has(name)) throw new TemplateFault(`undefined variable ${name}`, at);
}

function parseCommand(tokens: TokenStream, scope: Scope, context: string, depth: number): Command {
  const head = parseOperand(tokens, scope, context, depth);
  const rest: Operand[] = [];
  while (tokens.peek("withSpace").kind === "space") {
    const next = tokens.peek().kind;
    if (next === "pipe" || next === "close" || next === "rightParen") break;
    rest.push(parseOperand(tokens, scope, context, depth));
  }
  return { at: head.at, head, arguments: rest };
}

/** A term and the fields behind it: `.a.b`, `$x.a`, `(index .Labels "x").a`. */
function parseOperand(tokens: TokenStream, scope: Scope, context: string, depth: number): Operand {
  const term = parseTerm(tokens, scope, context, depth);
  const path: string[] = [];
  while (tokens.peek("withSpace").kind === "field") path.push(tokens.take().text.slice(1));
  if (path.length === 0) return term;
  switch (term.kind) {
    case "field":
    case "variable":
      return { ...term, path: [...term.path, ...path] };
    case "pipe":
    case "function":
      return { kind: "chain", at: term.at, of: term, path };
    default:
      throw new TemplateFault(`unexpected .${path.join(".")}: it follows what has no fields`, term.at);
  }
}

const OPERANDS = "a field, a variable, a function, a literal or a parenthesis";

function parseTerm(tokens: TokenStream, scope: Scope, context: string, depth: number): Operand {
  const { kind, text, at } = tokens.peek();
  if (kind === "leftParen") {
    tokens.take();
    return parsePipe(tokens, scope, "parenthesized pipeline", "rightParen", depth + 1);
  }
  if (kind === "variable") requireVariable(scope, text, at);
  const term = faultsAt(at, () => simpleTerm(kind, text, at));
  if (term === undefined) return tokens.fail(context, OPERANDS);
  tokens.take();
  return term;
}

function simpleTerm(kind: TokenKind, text: string, at: number): Operand | undefined {
  switch (kind) {
    case "dot":
      return { kind: "dot", at };
    case "field":
      return { kind: "field", at, path: [text.slice(1)] };
    case "variable":
      return { kind: "variable", at, name: text, path: [] };
    case "string":
    case "rawString":
      return { kind: "string", at, value: unquote(text) };
    case "character":
      return { kind: "number", at, ...unquoteCharacter(text) };
    case "number":
      return { kind: "number", at, ...parseNumber(text) };
    case "keyword":
      return text === "nil" ? { kind: "nil", at } : undefined;
    case "name":
      if (text === "true" || text === "false") return { kind: "bool", at, value: text === "true" };
      return { kind: "function", at, name: text };
    default:
      return undefined;
  }
}
