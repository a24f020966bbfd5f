import { TemplateFault } from "../fault.ts";
import type { Token, TokenKind } from "./token.ts";

/** Tokens with a place to read at; a template always ends with a token of its own. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token to come; with `skipSpace` the first that is no blank, and then the blanks are gone. */
  peek(skipSpace: "skipSpace" | "withSpace" = "skipSpace"): Token {
    while (skipSpace === "skipSpace" && this.#tokens[this.#next]?.kind === "space") this.#next++;
    return this.#tokens[this.#next] ?? { kind: "end of the template", text: "", at: 0 };
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** The next token if it is of that kind and, for keywords, that word; it is gone then. */
  takeIf(kind: TokenKind, text?: string): Token | undefined {
    const token = this.peek();
    return token.kind === kind && (text === undefined || token.text === text) ? this.take() : undefined;
  }

  expect(kind: TokenKind, context: string, allowed: string): Token {
    const token = this.takeIf(kind);
    if (token === undefined) this.fail(context, allowed);
    return token;
  }

  /** Where to come back to with `rewind`. */
  mark(): number {
    return this.#next;
  }

  rewind(mark: number): void {
    this.#next = mark;
  }

  /** Complains about the next token. */
  fail(context: string, allowed: string): never {
    const { kind, text, at } = this.peek();
    const found = text === "" ? `the ${kind}` : kind === "text" ? "text" : text;
    throw new TemplateFault(`unexpected ${found} in ${context}; ${allowed} is allowed`, at);
  }
}
