/** Upper case, one character for one, as Go's `unicode.ToUpper`: `ß` stays, where JavaScript writes `SS`. */
export function toUpper(character: string): string {
  return oneToOne(character, character.toUpperCase()) ?? GREEK_CAPITALS.get(character) ?? character;
}

/** Lower case, one character for one, as Go's `unicode.ToLower`. */
export function toLower(character: string): string {
  if (character === "İ") return "i";
  return oneToOne(character, character.toLowerCase()) ?? character;
}

/** Title case, as Go's `unicode.ToTitle`: `dž` becomes `Dž`, and Georgian has none. */
export function toTitle(character: string): string {
  const digraph = DIGRAPHS.find((spellings) => spellings.includes(character));
  if (digraph !== undefined) return digraph.charAt(1);
  return /^[\u10d0-\u10fa\u10fd-\u10ff]$/.test(character) ? character : toUpper(character);
}

export function isUpper(character: string): boolean {
  return /^\p{Lu}$/u.test(character);
}

/** Each in upper, title and lower case. */
const DIGRAPHS = ["\u01c4\u01c5\u01c6", "\u01c7\u01c8\u01c9", "\u01ca\u01cb\u01cc", "\u01f1\u01f2\u01f3"];

/** Letters with an iota below, for which JavaScript writes two characters. */
const GREEK_CAPITALS: ReadonlyMap<string, string> = new Map([
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((start) => Array.from({ length: 8 }, (_, at) => shifted(start + at, 8))),
  ...[0x1fb3, 0x1fc3, 0x1ff3].map((code) => shifted(code, 9)),
]);

function shifted(code: number, by: number): [string, string] {
  return [String.fromCharCode(code), String.fromCharCode(code + by)];
}

function oneToOne(character: string, mapped: string): string | undefined {
  return mapped.length === character.length || Array.from(mapped).length === 1 ? mapped : undefined;
}
