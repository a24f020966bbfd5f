import { printable } from "../../../base/printable.ts";

/** As wide as a terminal is at least. */
const COLUMNS = 80;

/**
 * A text in lines of at most 80 columns, or as many as are given, the first behind `head`, the others below it. What a reader copies stays in one line:
 * what stands in braces, in brackets or in back-quotes, and a command at the end, is not broken, however long it is.
 *
 * @param text of an unknown author: made printable here
 */
export function wrapped(head: string, text: string, columns = COLUMNS): readonly string[] {
  const width = Math.max(20, columns - head.length);
  const lines: string[] = [];
  let line = "";
  const shown = printable(text);
  const [command] = COMMAND.exec(shown) ?? [];
  const words = [
    ...wordsOf(command === undefined ? shown : shown.slice(0, -command.length)),
    ...(command === undefined ? [] : [command]),
  ];
  for (const word of words.map(shortened)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  const indent = " ".repeat(head.length);
  return lines.map((one, position) => `${position === 0 ? head : indent}${one}`.trimEnd());
}

/** A name may be as long as the one who registers it likes. */
const MOST_OF_WORD = 400;

function shortened(word: string): string {
  return word.length > MOST_OF_WORD ? `${word.slice(0, MOST_OF_WORD)}…` : word;
}

/** A command as remedies print one: behind a colon, to the end. */
const COMMAND = /(?<=: )(?:consul|nomad|portolan) [^;]*$/;

/** The same for what is only read, such as a line of the chart: broken wherever it must be. */
export function cutLines(head: string, text: string): readonly string[] {
  const width = COLUMNS - head.length;
  const shown = printable(text);
  const lines: string[] = [];
  for (let at = 0; at < Math.max(1, shown.length); at += width) lines.push(shown.slice(at, at + width));
  return lines.map((one, position) => `${position === 0 ? head : " ".repeat(head.length)}${one}`);
}

/** Words, where a space within braces, brackets or back-quotes ends none. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let depth = 0;
  let isQuoted = false;
  for (const character of text) {
    if (character === "`") isQuoted = !isQuoted;
    else if (!isQuoted && (character === "{" || character === "[")) depth += 1;
    else if (!isQuoted && (character === "}" || character === "]")) depth = Math.max(0, depth - 1);
    if (character !== " " || isQuoted || depth > 0) word += character;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  if (word !== "") words.push(word);
  return words;
}
