/** A part of a text that a person copies as it is. */
export interface Copyable {
  readonly what: "command" | "policy line" | "settings line";
  readonly text: string;
}

/** To the end or to a semicolon, as remedies print it. What is quoted for the shell is a part of it, whatever it is. */
const COMMAND = /(?:consul|nomad|portolan) (?:'[^']*'|\\.|[^;'\\])*/sy;
/** YAML in flow style: `allow: [{ … }]`, `rules: [{ … }]`, `- { … }`. */
const LINES = /(?:- |[a-z][A-Za-z]*: )(?=[[{])/y;
const NEXT_LINE = / and - (?=[[{])/y;

/**
 * What of a remedy can be copied: commands, and lines of a policy or of the settings, each behind a colon. What is in double
 * quotes is a name that a tenant may have chosen: nothing in it is recommended.
 */
export function copyablesIn(remedy: string): readonly Copyable[] {
  const found: Copyable[] = [];
  let at = 0;
  while (at < remedy.length) {
    if (remedy[at] === '"') {
      at = endOfQuotes(remedy, at);
      continue;
    }
    const start = at + ": ".length;
    const copyable = remedy.startsWith(": ", at) ? (commandAt(remedy, start) ?? linesAt(remedy, start)) : undefined;
    if (copyable === undefined) {
      at += 1;
      continue;
    }
    found.push({ what: copyable.what, text: copyable.text.trim() });
    at = copyable.end;
  }
  return found;
}

interface Found extends Copyable {
  readonly end: number;
}

function commandAt(remedy: string, start: number): Found | undefined {
  const [text] = matchAt(COMMAND, remedy, start) ?? [];
  return text === undefined ? undefined : { what: "command", text, end: start + text.length };
}

function linesAt(remedy: string, start: number): Found | undefined {
  const [head] = matchAt(LINES, remedy, start) ?? [];
  if (head === undefined) return undefined;
  let end = endOfValue(remedy, start + head.length);
  let text = remedy.slice(start, end);
  const isPolicy = /^(?:- |rules: )/.test(text);
  while (head === "- " && matchAt(NEXT_LINE, remedy, end) !== null) {
    const next = end + " and ".length;
    end = endOfValue(remedy, next + "- ".length);
    text += `\n${remedy.slice(next, end)}`;
  }
  return { what: isPolicy ? "policy line" : "settings line", text, end };
}

function matchAt(expression: RegExp, text: string, start: number): RegExpExecArray | null {
  expression.lastIndex = start;
  return expression.exec(text);
}

/** Where a value in brackets or braces ends. What is quoted is text. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfQuotes(text, at) - 1;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Behind the quotation mark that ends what begins with one; a backslash goes before one that is text. */
function endOfQuotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
