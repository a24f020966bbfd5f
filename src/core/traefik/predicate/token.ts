import { unquote, unquoteRaw } from "../../../go/string-literal.ts";
import { type Flaw, flaw, quoted } from "./flaw.ts";

const MARKS = ["&&", "||", "!", "(", ")", ","] as const;

export interface Token {
  /**
   * `break`: the end of a line where Go would put a semicolon; nothing may follow it. `stray`: what is no token at all,
   * the last one of its text.
   */
  readonly kind: (typeof MARKS)[number] | "name" | "string" | "break" | "end" | "stray";
  readonly position: number;
  /** As written. */
  readonly text: string;
  /** What a string stands for; empty for everything else. */
  readonly value: string;
  /** Why a stray is none. */
  readonly flaw?: Flaw;
}

const SPACE = /[ \t\r\n]+|\/\/[^\n]*|\/\*.*?\*\//sy;
const TOKEN = /[\p{L}_][\p{L}\p{Nd}_]*|`[^`]*`|"(?:[^"\\\n]|\\[^\n])*"|&&|\|\||[!(),]/uy;
/** Go refuses both everywhere, in strings and comments too; but a byte order mark may begin the text. */
const FORBIDDEN = /\0|(?<=.)\ufeff/s;
/** Something to show where no token begins: a number, an operator of Go, or any single character. */
const STRANGER = /[0-9]+|[-+*/%&|^<>=.:;]+|./suy;

/** The pieces of an expression in Go's syntax up to the end or the first stray. Blanks and comments are left out. */
export function tokenize(text: string): readonly Token[] {
  const forbidden = text.search(FORBIDDEN);
  if (forbidden >= 0) return [stray(text, foreign(text, forbidden, 1))];
  const tokens: Token[] = [];
  for (let at = text.startsWith("\ufeff") ? 1 : 0; ; ) {
    const space = readSpace(text, at);
    if (space.endsLine && endsOperand(tokens.at(-1))) tokens.push({ kind: "break", position: at, text: "", value: "" });
    at = space.end;
    if (at === text.length) return [...tokens, { kind: "end", position: at, text: "", value: "" }];
    const token = readToken(text, at);
    tokens.push(token);
    if (token.kind === "stray") return tokens;
    at += token.text.length;
  }
}

function readSpace(text: string, start: number): { readonly end: number; readonly endsLine: boolean } {
  let endsLine = false;
  let end = start;
  for (let piece = matchAt(SPACE, text, end); piece !== undefined; piece = matchAt(SPACE, text, end)) {
    endsLine ||= piece.startsWith("//") || piece.includes("\n");
    end += piece.length;
  }
  return { end, endsLine };
}

/** Does Go put a semicolon where the line ends after this? */
function endsOperand(last: Token | undefined): boolean {
  return last?.kind === "name" || last?.kind === "string" || last?.kind === ")";
}

function readToken(text: string, position: number): Token {
  const found = matchAt(TOKEN, text, position);
  if (found === undefined) return stray(text, unreadable(text, position));
  if (found.startsWith("`")) return { kind: "string", position, text: found, value: unquoteRaw(found) };
  if (found.startsWith('"')) return quotedString(text, position, found);
  return { kind: MARKS.find((mark) => mark === found) ?? "name", position, text: found, value: "" };
}

function quotedString(text: string, position: number, found: string): Token {
  const unquoted = unquote(found);
  if (unquoted.kind === "text") return { kind: "string", position, text: found, value: unquoted.value };
  const problem = flaw(
    position + unquoted.offset,
    unquoted.escape.length,
    `${quoted(unquoted.escape)} is no escape that a string in double quotes may have`,
    "write the string in backquotes, where a backslash stands for itself, or double the backslash",
  );
  return stray(text, problem);
}

function unreadable(text: string, position: number): Flaw {
  const character = text.charAt(position);
  if (character === "`" || character === '"') {
    const length = text.length - position;
    return flaw(position, length, `a string begins with ${character} and never ends`, `close it with ${character}`);
  }
  if (character === "'") {
    return flaw(position, 1, 'found \', but strings stand in `…` or "…"', "write the string in backquotes");
  }
  return foreign(text, position, matchAt(STRANGER, text, position)?.length ?? 1);
}

function foreign(text: string, position: number, length: number): Flaw {
  const found = text.slice(position, position + length);
  return flaw(
    position,
    length,
    `found ${quoted(found)}, but allowed are names, strings in \`…\` or "…", &&, ||, ! and parentheses`,
    found === "&" || found === "|" ? `write ${found}${found}` : "remove it",
  );
}

function stray(text: string, problem: Flaw): Token {
  const { position, length } = problem;
  return { kind: "stray", position, text: text.slice(position, position + length), value: "", flaw: problem };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
