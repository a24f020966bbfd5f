import { bytesOf, charactersOf } from "../../value/bytes.ts";
import { fixed, type GoFunction, TEXT } from "../parameter.ts";
import { isUpper, toLower, toTitle, toUpper } from "./unicode-case.ts";
import { camelCase, lowerWords } from "./words.ts";

/** sprig's functions that change letters. */
export const CASE_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  upper: mapped((characters) => characters.map(toUpper)),
  lower: mapped((characters) => characters.map(toLower)),
  title: mapped((characters) =>
    characters.map((character, at) => (isWordStart(characters, at) ? toTitle(character) : character)),
  ),
  untitle: mapped((characters) =>
    characters.map((character, at) => (at === 0 || isSpace(characters[at - 1]) ? toLower(character) : character)),
  ),
  swapcase: mapped(swapCase),
  snakecase: fixed([TEXT], (_, text) => bytesOf(lowerWords(charactersOf(text), "_"))),
  kebabcase: fixed([TEXT], (_, text) => bytesOf(lowerWords(charactersOf(text), "-"))),
  camelcase: fixed([TEXT], (_, text) => bytesOf(camelCase(charactersOf(text)))),
};

function mapped(change: (characters: readonly string[]) => readonly string[]): GoFunction {
  return fixed([TEXT], (_, text) => bytesOf(change(charactersOf(text)).join("")));
}

function isSpace(character: string | undefined): boolean {
  return (
    character !== undefined && /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(character)
  );
}

/** Go's `strings.Title`: all of ASCII but letters, digits and `_` separates words, and white space. */
function isWordStart(characters: readonly string[], at: number): boolean {
  const previous = characters[at - 1];
  if (previous === undefined) return true;
  return previous <= "\x7f" ? !/\w/.test(previous) : isSpace(previous);
}

/** goutils' `SwapCase`: at the start of a word lower case becomes title case. */
function swapCase(characters: readonly string[]): string[] {
  let atStart = true;
  return characters.map((character) => {
    const start = atStart;
    if (/^\p{L}$/u.test(character) && /^[\p{Lu}\p{Lt}\p{Ll}]$/u.test(character)) {
      atStart = false;
      if (isUpper(character) || /^\p{Lt}$/u.test(character)) return toLower(character);
      return start ? toTitle(character) : toUpper(character);
    }
    atStart = isSpace(character);
    return character;
  });
}
