/** A part of a text that a person copies as it is. */
export interface Copyable {
  readonly what: "command" | "policy line" | "settings line";
  readonly text: string;
}

/** Behind a colon, to the end or to a semicolon, as remedies print it. */
const COMMAND = /(?<=: )(?:consul|nomad|portolan) [^;]*/g;
/** YAML in flow style behind a colon: `allow: [{ … }]`, `rules: [{ … }]`, `- { … }`. */
const LINES = /(?<=: )(?:- |[a-z][A-Za-z]*: )(?=[[{])/g;

/** What of a remedy can be copied: commands, and lines of a policy or of the settings. */
export function copyablesIn(remedy: string): readonly Copyable[] {
  const commands = Array.from(remedy.matchAll(COMMAND), ([text]): Copyable => ({ what: "command", text: text.trim() }));
  const lines: Copyable[] = [];
  let end = 0;
  for (const match of remedy.matchAll(LINES)) {
    // What stands within other lines is a part of those.
    if (match.index < end) continue;
    end = endOfValue(remedy, match.index + match[0].length);
    let text = remedy.slice(match.index, end);
    const isPolicy = /^(?:- |rules: )/.test(text);
    while (match[0] === "- " && /^ and - [[{]/.test(remedy.slice(end))) {
      const start = end + " and ".length;
      end = endOfValue(remedy, start + "- ".length);
      text += `\n${remedy.slice(start, end)}`;
    }
    lines.push({ what: isPolicy ? "policy line" : "settings line", text });
  }
  return [...lines, ...commands.filter(({ text }) => !lines.some((line) => line.text.includes(text)))];
}

/** Where a value in brackets or braces ends. What is quoted is text. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character === "\\") at += 1;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
