import { trimSpace } from "../../../go/white-space.ts";
import { type Budget, MAX_BYTES } from "../../budget.ts";
import { TemplateFault } from "../../fault.ts";
import { shown } from "../../format/print.ts";
import { quote } from "../../format/quote.ts";
import { bytesOf, charactersOf, textOf } from "../../value/bytes.ts";
import { type GoMap, type GoValue, stringMap, strings } from "../../value/value.ts";
import { ANY, BOOL, fixed, type GoFunction, INT, TEXT, variadic } from "../parameter.ts";

/** Sprig's functions that cut, join and search strings. */
export const TEXT_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  trim: fixed([TEXT], (_, text) => bytesOf(trimSpace(textOf(text)))),
  trimAll: fixed([TEXT, TEXT], (_, characters, text) => trimCharacters(text, characters)),
  trimall: fixed([TEXT, TEXT], (_, characters, text) => trimCharacters(text, characters)),
  trimPrefix: fixed([TEXT, TEXT], (_, prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: fixed([TEXT, TEXT], (_, suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  contains: fixed([TEXT, TEXT], (_, part, text) => text.includes(part)),
  hasPrefix: fixed([TEXT, TEXT], (_, prefix, text) => text.startsWith(prefix)),
  hasSuffix: fixed([TEXT, TEXT], (_, suffix, text) => text.endsWith(suffix)),
  substr: fixed([INT, INT, TEXT], (_, start, end, text) => substring(text, start, end)),
  trunc: fixed([INT, TEXT], (_, length, text) => truncate(text, length)),
  abbrev: fixed([INT, TEXT], (_, width, text) => (width < 4 ? text : abbreviate(text, 0, width))),
  abbrevboth: fixed([INT, INT, TEXT], (_, left, right, text) =>
    right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, left, right),
  ),
  nospace: fixed([TEXT], (_, text) => withoutSpace(text)),
  initials: fixed([TEXT], (_, text) => bytesOf(Array.from(text.matchAll(WORD), ([word]) => word.slice(0, 1)).join(""))),
  repeat: fixed([INT, TEXT], (budget, count, text) => repeat(text, count, budget)),
  replace: fixed([TEXT, TEXT, TEXT], (budget, old, by, text) => replaceAll(text, old, by, budget)),
  indent: fixed([INT, TEXT], (budget, spaces, text) => indent(text, spaces, budget)),
  nindent: fixed([INT, TEXT], (budget, spaces, text) => `\n${indent(text, spaces, budget)}`),
  wrap: fixed([INT, TEXT], (budget, width, text) => wrap(text, width, "\n", false, budget)),
  wrapWith: fixed([INT, TEXT, TEXT], (budget, width, separator, text) =>
    wrap(text, width, separator || "\n", true, budget),
  ),
  plural: fixed([TEXT, TEXT, INT], (_, one, many, count) => (count === 1 ? one : many)),
  cat: variadic([], ANY, (budget, values) => spaced(values, (value) => shown(value, budget))),
  quote: variadic([], ANY, (budget, values) => spaced(values, (value) => quote(shown(value, budget)))),
  squote: variadic([], ANY, (budget, values) => spaced(values, (value) => `'${shown(value, budget)}'`)),
  toString: fixed([ANY], (budget, { value }) => shown(value, budget)),
  split: fixed([TEXT, TEXT], (budget, separator, text) => numbered(split(text, separator, -1, budget))),
  splitn: fixed([TEXT, INT, TEXT], (budget, separator, count, text) => numbered(split(text, separator, count, budget))),
  splitList: fixed([TEXT, TEXT], (budget, separator, text) => strings(split(text, separator, -1, budget))),
  ternary: fixed([ANY, ANY, BOOL], (_, yes, no, condition) => (condition ? yes.value : no.value)),
  fail: fixed([TEXT], (_, message) => {
    throw new TemplateFault(textOf(message).toWellFormed());
  }),
};

/** White space as Go finds it when it looks at bytes one by one: the last two are parts of characters mostly. */
const SPACES = /[\t-\r \x85\xa0]+/g;
const WORD = /[^\t-\r \x85\xa0]+/g;

/** sprig's `nospace` reads bytes as characters, which spoils all beyond ASCII as soon as there is white space. */
function withoutSpace(text: string): string {
  const kept = text.replace(SPACES, "");
  return kept.length === text.length ? text : bytesOf(kept);
}

function trimCharacters(text: string, characters: string): string {
  const cut = new Set(charactersOf(characters));
  const kept = Array.from(textOf(text));
  const isCut = (character: string | undefined) => character !== undefined && cut.has(character.toWellFormed());
  while (isCut(kept.at(-1))) kept.pop();
  const start = kept.findIndex((character) => !isCut(character));
  return bytesOf(kept.slice(start < 0 ? kept.length : start).join(""));
}

function substring(text: string, start: number, end: number): string {
  const from = Math.max(0, start);
  const to = start >= 0 && (end < 0 || end > text.length) ? text.length : end;
  if (from > to || to > text.length) {
    throw new TemplateFault(`bytes ${start} to ${end} are out of range: the string has ${text.length}`);
  }
  return text.slice(from, to);
}

function truncate(text: string, length: number): string {
  if (length < 0) return text.length + length > 0 ? text.slice(text.length + length) : text;
  return text.slice(0, length);
}

/** goutils' `AbbreviateFull`: at most `width` bytes from about `start` on, dots where something is missing. */
function abbreviate(text: string, start: number, width: number): string {
  if (text.length <= width) return text;
  const kept = width - 3;
  const from = Math.min(start, text.length, text.length - kept);
  if (from <= 4) return `${text.slice(0, kept)}...`;
  if (from + kept >= text.length) return `...${text.slice(text.length - kept)}`;
  return `...${kept < 4 ? "" : abbreviate(text.slice(from), 0, kept)}`;
}

function repeat(text: string, count: number, budget: Budget): string {
  if (count < 0) throw new TemplateFault(`the count ${count} is negative`);
  budget.spendBytes(text.length * count);
  return text === "" ? "" : text.repeat(count);
}

/** Nothing is found in front of each character and at the end, as in Go. */
function replaceAll(text: string, old: string, by: string, budget: Budget): string {
  const pieces = old === "" ? ["", ...Array.from(textOf(text), bytesOf), ""] : text.split(old);
  budget.spendBytes(text.length + (pieces.length - 1) * Math.max(0, by.length - old.length));
  return old === "" && text === "" ? by : pieces.join(by);
}

function indent(text: string, spaces: number, budget: Budget): string {
  const margin = repeat(" ", spaces, budget);
  return margin + replaceAll(text, "\n", `\n${margin}`, budget);
}

/** goutils' `WrapCustom`, in bytes: lines of that length, cut at blanks, and within words only if `cutsWords`. */
function wrap(text: string, width: number, separator: string, cutsWords: boolean, budget: Budget): string {
  const length = Math.max(1, width);
  let wrapped = "";
  let at = 0;
  while (text.length - at > length) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const blank = text.lastIndexOf(" ", at + length);
    if (blank >= at) {
      wrapped += text.slice(at, blank) + separator;
      at = blank + 1;
    } else if (cutsWords) {
      wrapped += text.slice(at, at + length) + separator;
      at += length;
    } else {
      const next = text.indexOf(" ", at + length);
      if (next < 0) return wrapped + text.slice(at);
      wrapped += text.slice(at, next) + separator;
      at = next + 1;
    }
    if (wrapped.length > MAX_BYTES) budget.spendBytes(wrapped.length);
  }
  return wrapped + text.slice(at);
}

/** With blanks in between, and without nil. */
function spaced(values: readonly { readonly value: GoValue }[], write: (value: GoValue) => string): string {
  const present = values.filter(({ value }) => value !== undefined && value !== null);
  return present.map(({ value }) => write(value)).join(" ");
}

/** Go's `strings.SplitN`: an empty separator splits into characters; no more than `limit` pieces unless it is negative. */
export function split(text: string, separator: string, limit: number, budget: Budget): string[] {
  if (limit === 0) return [];
  const pieces = separator === "" ? Array.from(textOf(text), bytesOf) : text.split(separator);
  budget.spend(pieces.length);
  if (limit < 0 || pieces.length <= limit) return pieces;
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)];
}

function numbered(pieces: readonly string[]): GoMap {
  return stringMap(pieces.map((piece, at): [string, string] => [`_${at}`, piece]));
}
