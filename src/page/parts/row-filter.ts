/**
 * What of a row a filter looks at. A filter is words: all must match, `-word` leaves rows out, `field:word` looks at one
 * place, and quotation marks hold words together.
 */
export interface RowFields<Row> {
  /** What each field's word is looked for in: a part of one of these is enough. */
  readonly fields: Readonly<Record<string, (row: Row) => readonly string[]>>;
  /** Fields whose word must be a whole value: `status:Active`. */
  readonly whole?: readonly string[];
  /** Fields whose word is judged otherwise than as a text: `port:8000-8099`. */
  readonly judged?: Readonly<Record<string, (row: Row, word: string) => boolean>>;
  /** Fields that a word without a field is looked for in. */
  readonly plain: readonly string[];
}

/** More words are not looked at. */
const MOST_TERMS = 20;

/** One word of a filter. */
export interface FilterWord {
  /** In lower case; undefined where it names no field. */
  readonly field: string | undefined;
  /** In lower case, without quotation marks. */
  readonly text: string;
  readonly isLeftOut: boolean;
}

/** The words of a filter as a person types it. @param known the fields that there are */
export function filterWords(text: string, known: readonly string[]): readonly FilterWord[] {
  return rawWords(text)
    .slice(0, MOST_TERMS)
    .map((word): FilterWord => {
      const isLeftOut = word.length > 1 && word.startsWith("-");
      const rest = isLeftOut ? word.slice(1) : word;
      const [, name = "", value = ""] = /^([a-z]+):(.*)$/is.exec(rest) ?? [];
      const field = known.find((one) => one === name.toLowerCase());
      return { field, text: (field === undefined ? rest : value).replaceAll('"', "").toLowerCase(), isLeftOut };
    })
    .filter((word) => word.text !== "");
}

/** Which rows a filter lets through; undefined where it has no word, and lets all through. */
export function rowFilter<Row>(text: string, known: RowFields<Row>): ((row: Row) => boolean) | undefined {
  const { fields, whole = [], judged = {}, plain } = known;
  const words = filterWords(text, [...Object.keys(fields), ...Object.keys(judged)]);
  if (words.length === 0) return undefined;
  const valuesOf = (row: Row, field: string) => (fields[field]?.(row) ?? []).map((value) => value.toLowerCase());
  const matches = (row: Row, { field, text: word }: FilterWord): boolean => {
    if (field === undefined) return plain.some((one) => valuesOf(row, one).some((value) => value.includes(word)));
    const judge = judged[field];
    if (judge !== undefined) return judge(row, word);
    return valuesOf(row, field).some((value) => (whole.includes(field) ? value === word : value.includes(word)));
  };
  return (row) => words.every((word) => matches(row, word) !== word.isLeftOut);
}

/** A filter with another word in place of those of its field: what a click on a count asks for. Undefined takes them away. */
export function withFieldWord(text: string, field: string, value: string | undefined): string {
  const others = rawWords(text).filter((word) => !word.toLowerCase().startsWith(`${field}:`));
  const quoted = value !== undefined && /\s/.test(value) ? `"${value}"` : value;
  return [...others, ...(quoted === undefined ? [] : [`${field}:${quoted}`])].join(" ");
}

function rawWords(text: string): readonly string[] {
  return text.match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/gi) ?? [];
}
