export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "assign"
  | "declare"
  | "pipe"
  | "comma"
  | "leftParen"
  | "rightParen"
  | "string"
  | "rawString"
  | "character"
  | "number"
  | "field"
  | "dot"
  | "variable"
  | "name"
  | "keyword"
  | "end of the template";

/** A piece of a template; `text` as written, `at` counted in characters from the template's start. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}
