import { isUpper, toLower, toUpper } from "./unicode-case.ts";

type WordKind = "number" | "upperCase" | "letters" | "connector" | "punctuation" | "other" | "none";

interface Word {
  readonly kind: WordKind;
  readonly characters: readonly string[];
}

/** Blanks, `-` and `_` connect words. */
function isConnector(character: string | undefined): boolean {
  return (
    character !== undefined &&
    /^[-_\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(character)
  );
}

function isNumber(character: string | undefined): boolean {
  return character !== undefined && /^\p{N}$/u.test(character);
}

function isPunctuation(character: string | undefined): boolean {
  return character !== undefined && /^\p{P}$/u.test(character);
}

/** A letter of an alphabet; the characters of Chinese are none. */
function isLetter(character: string | undefined): boolean {
  return character !== undefined && /^(?![\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}])\p{L}$/u.test(character);
}

function isLowerLetter(character: string | undefined): boolean {
  return character !== undefined && isLetter(character) && !isUpper(character);
}

/** Takes the first word off: `HTTPStatus` is `HTTP` and `Status`. */
function firstWord(characters: readonly string[], from: number): Word {
  const run = (start: number, fits: (character: string) => boolean): number => {
    let end = start;
    for (let next = characters[end]; next !== undefined && fits(next); next = characters[end]) end++;
    return end;
  };
  const word = (kind: WordKind, end: number): Word => ({ kind, characters: characters.slice(from, end) });
  const first = characters[from];
  const second = characters[from + 1];
  if (first === undefined) return { kind: "none", characters: [] };
  if (isConnector(first)) return word("connector", run(from, isConnector));
  if (isPunctuation(first)) return word("punctuation", run(from, isPunctuation));
  if (isUpper(first)) {
    if (second !== undefined && isUpper(second)) {
      const end = run(from, isUpper);
      return word("upperCase", isLetter(characters[end]) ? end - 1 : end);
    }
    return word("upperCase", isLetter(second) ? run(from + 1, isLowerLetter) : from + 1);
  }
  if (isLetter(first)) return word("letters", run(from, isLowerLetter));
  if (isNumber(first)) return word("number", run(from, isNumber));
  return word(
    "other",
    run(from + 1, (next) => !isConnector(next) && !isLetter(next) && !isNumber(next) && !isPunctuation(next)),
  );
}

/**
 * xstrings' `ToSnakeCase` and `ToKebabCase`: words in lower case with a connector between them. Where numbers belong is
 * its own rule: `http2xx` is `http_2xx`, `Bld4Floor` is `bld4_floor`.
 */
export function lowerWords(characters: readonly string[], connector: string): string {
  const words = wordsOf(characters);
  let at = 0;
  let written = "";
  const current = (): Word => words[at] ?? { kind: "none", characters: [] };
  const write = (kind: WordKind, word: Word): void => {
    written += lowerWord(kind, word, connector);
  };
  const isLettersOrNumber = (): boolean => current().kind === "letters" || current().kind === "number";
  const endsWord = (...kinds: readonly WordKind[]): boolean => kinds.includes(current().kind);

  while (at < words.length - 1) {
    const word = current();
    if (word.kind !== "connector") write(word.kind, word);
    at++;
    if (word.kind === "number") {
      for (; isLettersOrNumber(); at++) write(current().kind, current());
      if (!endsWord("none", "punctuation", "connector")) written += connector;
    } else if (word.kind === "connector") {
      write("connector", word);
    } else if (word.kind !== "punctuation") {
      if (current().kind !== "number") {
        if (!endsWord("connector", "punctuation")) written += connector;
        continue;
      }
      if (at === words.length - 1) continue;
      const number = current();
      at++;
      if (current().kind !== "letters") {
        write("number", number);
        if (!endsWord("connector", "punctuation")) written += connector;
        continue;
      }
      written += connector;
      write("number", number);
      for (; isLettersOrNumber(); at++) write(current().kind, current());
      if (!endsWord("none", "connector", "punctuation")) written += connector;
    }
  }
  if (at < words.length) write(current().kind, current());
  return written;
}

function wordsOf(characters: readonly string[]): Word[] {
  const words: Word[] = [];
  for (let from = 0; from < characters.length; ) {
    const word = firstWord(characters, from);
    words.push(word);
    from += word.characters.length;
  }
  return words;
}

function lowerWord(kind: WordKind, { characters }: Word, connector: string): string {
  if (kind !== "upperCase" && kind !== "connector") return characters.join("");
  return characters.map((character) => (isConnector(character) ? connector : toLower(character))).join("");
}

/**
 * xstrings' `ToCamelCase`: `http_server` is `httpServer`. Connectors in front stay, and all but the last of several;
 * where there is nothing else the last comes twice.
 */
export function camelCase(characters: readonly string[]): string {
  const start = characters.findIndex((character) => !isConnector(character));
  if (start < 0) return [...characters, ...characters.slice(-1)].join("");
  let written = characters.slice(0, start).join("");
  let last = characters[start] ?? "";
  let lowers = isUpper(last);
  last = toLower(last);
  for (const character of characters.slice(start + 1)) {
    const previous = last;
    last = character;
    if (isConnector(character) && isConnector(previous)) {
      written += previous;
    } else if (isConnector(previous)) {
      lowers = isUpper(character);
      last = toUpper(character);
    } else {
      if (lowers && isUpper(character)) last = toLower(character);
      else lowers = false;
      written += previous;
    }
  }
  return written + (lowers ? toLower(last) : last);
}
