import { type Flaw, flaw, quoted } from "./flaw.ts";
import { type Token, tokenize } from "./token.ts";

/** A function applied to strings: ``Host(`example.org`)``. */
export interface Call {
  readonly kind: "call";
  readonly name: Token;
  readonly arguments: readonly Token[];
}

/** Chains are flat (`a && b && c` is one `all`), so that only parentheses make a tree deep. */
export type Expression =
  | Call
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "all" | "any"; readonly operands: readonly Expression[] };

/** In UTF-16 units. Longer texts are not meant seriously and would block the event loop. */
const MAX_LENGTH = 65_536;
/** Of parentheses. */
const MAX_DEPTH = 100;

/**
 * Parses the expressions that Traefik uses for rules and constraints: Go's syntax, reduced to calls with strings, `&&`,
 * `||`, `!` (in Go's precedence) and parentheses. As in Go a line may end only after an operator, a comma or an opening
 * parenthesis, and before the end of all. At most MAX_LENGTH long and MAX_DEPTH deep.
 */
export function parseExpression(text: string): Expression | Flaw {
  if (text.length > MAX_LENGTH) {
    return flaw(0, text.length, `it has ${text.length} characters, at most ${MAX_LENGTH} are allowed`, "shorten it");
  }
  // A lone surrogate reaches Traefik as U+FFFD. Both are one unit long, so that positions stay.
  const reader = new Reader(tokenize(text.toWellFormed()));
  const expression = parseAny(reader, 0);
  if (expression.kind === "flaw") return expression;
  const lineEnd = reader.take("break");
  if (reader.take("end")) return expression;
  return unexpected(lineEnd ?? reader.peek(), "&&, || or the end", REMEDIES.join);
}

const REMEDIES = {
  join: "join the parts by && or ||, and end lines only after an operator, a comma or (",
  operand: "write a function such as Name(`…`) there",
  close: "close the parenthesis on the same line",
  argument: "write every argument as a string of its own, in backquotes",
} as const;

/** The tokens from a place on. The last one, `end` or `stray`, never goes away. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", position: 0, text: "", value: "" };
  }

  /** The next token if it is of this kind, and then it is used up. */
  take(kind: Token["kind"]): Token | undefined {
    const token = this.peek();
    if (token.kind !== kind) return;
    this.#at++;
    return token;
  }
}

function parseAny(reader: Reader, depth: number): Expression | Flaw {
  return parseChain(reader, "any", "||", () => parseChain(reader, "all", "&&", () => parseUnary(reader, depth)));
}

function parseChain(
  reader: Reader,
  kind: "all" | "any",
  operator: "&&" | "||",
  parseOperand: () => Expression | Flaw,
): Expression | Flaw {
  const operands: Expression[] = [];
  do {
    const operand = parseOperand();
    if (operand.kind === "flaw") return operand;
    operands.push(operand);
  } while (reader.take(operator));
  const [first, second] = operands;
  return first !== undefined && second === undefined ? first : { kind, operands };
}

function parseUnary(reader: Reader, depth: number): Expression | Flaw {
  let negations = 0;
  while (reader.take("!")) negations++;
  const operand = parsePrimary(reader, depth);
  return negations % 2 === 0 || operand.kind === "flaw" ? operand : { kind: "not", operand };
}

function parsePrimary(reader: Reader, depth: number): Expression | Flaw {
  const name = reader.take("name");
  if (name !== undefined) return parseCall(reader, name);
  const opening = reader.take("(");
  if (opening === undefined) return unexpected(reader.peek(), "a function, ! or (", REMEDIES.operand);
  if (depth === MAX_DEPTH) {
    return flaw(opening.position, 1, `more than ${MAX_DEPTH} open parentheses are not allowed`, "simplify it");
  }
  const inner = parseAny(reader, depth + 1);
  if (inner.kind === "flaw" || reader.take(")")) return inner;
  return unexpected(reader.peek(), "&&, || or )", REMEDIES.close);
}

function parseCall(reader: Reader, name: Token): Call | Flaw {
  if (!reader.take("(")) {
    return flaw(
      name.position,
      name.text.length,
      `${quoted(name.text)} has no arguments, but allowed is only a function with arguments in parentheses`,
      `write ${name.text}(\`…\`), without a line break before the parenthesis`,
    );
  }
  const found: Token[] = [];
  // As in Go, a comma may also follow the last argument.
  while (!reader.take(")")) {
    const argument = reader.take("string");
    if (argument === undefined) return unexpected(reader.peek(), 'a string in `…` or "…"', REMEDIES.argument);
    found.push(argument);
    if (!reader.take(",") && reader.peek().kind !== ")")
      return unexpected(reader.peek(), "a comma or )", REMEDIES.close);
  }
  return { kind: "call", name, arguments: found };
}

function unexpected(token: Token, allowed: string, remedy: string): Flaw {
  if (token.flaw !== undefined) return token.flaw;
  return flaw(token.position, token.text.length, `found ${nameOf(token)}, but allowed is only ${allowed}`, remedy);
}

function nameOf({ kind, text }: Token): string {
  if (kind === "end") return "the end";
  return kind === "break" ? "the end of a line" : quoted(text);
}

/** Every call in the order of the text. */
export function* callsOf(expression: Expression): Generator<Call> {
  switch (expression.kind) {
    case "call":
      yield expression;
      break;
    case "not":
      yield* callsOf(expression.operand);
      break;
    case "all":
    case "any":
      for (const operand of expression.operands) yield* callsOf(operand);
  }
}
