import { TemplateFault } from "../fault.ts";
import type { Token, TokenKind } from "./token.ts";

const KEYWORDS: ReadonlySet<string> = new Set(
  "block break continue define else end if nil range template with".split(" "),
);

const SPACE = /[ \t\r\n]+/y;
/** The last blank before a closing trim marker belongs to the marker. */
const SPACE_BEFORE_TRIM = /[ \t\r\n]*(?=[ \t\r\n]-\}\})/y;
const CLOSE = /\}\}/y;
const CLOSE_TRIM = /[ \t\r\n]-\}\}[ \t\r\n]*/y;
/** Directly behind the opening; whatever is between the asterisks is dropped. */
const COMMENT = /(?:-[ \t\r\n])?\/\*/y;
const TRIM_MARKER = /-[ \t\r\n]/y;

/** In this order: the first that fits is the token. */
const TOKENS: readonly (readonly [TokenKind, RegExp])[] = [
  ["declare", /:=/y],
  ["assign", /=/y],
  ["pipe", /\|/y],
  ["comma", /,/y],
  ["leftParen", /\(/y],
  ["rightParen", /\)/y],
  ["string", /"(?:[^"\\\n]|\\[^\n])*"/y],
  ["rawString", /`[^`]*`/y],
  ["character", /'(?:[^'\\\n]|\\[^\n])*'/y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["number", /[+-]?\.?\d(?:[\p{L}\p{Nd}_.]|(?<=[eEpP])[+-])*/uy],
  ["field", /\.[\p{L}\p{Nd}_]+/uy],
  ["dot", /\./y],
  ["name", /[\p{L}\p{Nd}_]+/uy],
];

/** What may follow a field, a variable or a name. */
const TERMINATOR = /[ \t\r\n.,|:()]|\}\}|$/y;

/**
 * Cuts a template of Go's text/template into tokens: text with what the trim markers leave of it, and the insides of
 * actions. Blanks are tokens too, since they separate arguments.
 */
export function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{{", at);
    const end = open < 0 ? template.length : open;
    const trims = open >= 0 && match(TRIM_MARKER, template, open + 2) !== undefined;
    const text = trims ? withoutTrailingSpace(template.slice(at, end)) : template.slice(at, end);
    if (text !== "") tokens.push({ kind: "text", text, at });
    if (open < 0) break;
    const comment = match(COMMENT, template, open + 2);
    at = comment === undefined ? action(template, open, tokens) : skipComment(template, open + 2 + comment.length);
  }
  tokens.push({ kind: "end of the template", text: "", at: template.length });
  return tokens;
}

function withoutTrailingSpace(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** From behind the opening of a comment to behind its action. */
function skipComment(template: string, start: number): number {
  const end = template.indexOf("*/", start);
  if (end < 0) throw new TemplateFault("the comment is not closed by */", start);
  const close = match(CLOSE_TRIM, template, end + 2) ?? match(CLOSE, template, end + 2);
  if (close === undefined) throw new TemplateFault("a comment fills its action: nothing but }} may follow */", end);
  return end + 2 + close.length;
}

/** Adds the tokens of one action, and returns the place behind it. */
function action(template: string, open: number, tokens: Token[]): number {
  tokens.push({ kind: "open", text: "{{", at: open });
  let at = open + 2 + (match(TRIM_MARKER, template, open + 2)?.length ?? 0);
  let parentheses = 0;
  for (;;) {
    const close = match(CLOSE_TRIM, template, at) ?? match(CLOSE, template, at);
    if (close !== undefined) {
      if (parentheses > 0) throw new TemplateFault("a parenthesis is not closed before }}", at);
      tokens.push({ kind: "close", text: "}}", at });
      return at + close.length;
    }
    const token = next(template, at, open);
    if (token.kind === "leftParen") parentheses++;
    if (token.kind === "rightParen" && --parentheses < 0) throw new TemplateFault("unexpected )", at);
    tokens.push(token);
    at += token.text.length;
  }
}

function next(template: string, at: number, open: number): Token {
  if (at >= template.length) throw new TemplateFault("{{ is not closed by }}", open);
  const space = match(SPACE_BEFORE_TRIM, template, at) || match(SPACE, template, at);
  if (space !== undefined) return { kind: "space", text: space, at };
  for (const [kind, pattern] of TOKENS) {
    const text = match(pattern, template, at);
    if (text === undefined) continue;
    const behind = at + text.length;
    if (
      (kind === "field" || kind === "name" || kind === "variable") &&
      match(TERMINATOR, template, behind) === undefined
    )
      throw new TemplateFault(`unexpected character ${quoteAt(template, behind)} behind ${text}`, behind);
    return { kind: kind === "name" && KEYWORDS.has(text) ? "keyword" : kind, text, at };
  }
  const found = quoteAt(template, at);
  if (found === '"\\""' || found === '"`"' || found === '"\'"')
    throw new TemplateFault(`the string that starts with ${found} is not closed`, at);
  throw new TemplateFault(`unexpected character ${found}`, at);
}

function quoteAt(template: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(template.codePointAt(at) ?? 0));
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
