/** Commands that a page shows, and what it says that they print. */
export interface ShownStep {
  /** Line of the page, for messages. */
  readonly line: number;
  /** The text of a block ```sh. */
  readonly commands: string;
  /** The text of the block without a language that follows it, with nothing but blank lines between; undefined where there is none. */
  readonly printed: string | undefined;
}

/** The steps of a page of Markdown, from top to bottom. */
export function shownSteps(page: string): readonly ShownStep[] {
  const blocks = /^```sh\n(?<commands>.*?)^```\n(?:\n+```\n(?<printed>.*?)^```$)?/gms;
  return [...page.matchAll(blocks)].map(({ index, groups }) => ({
    line: page.slice(0, index).split("\n").length,
    commands: groups?.["commands"] ?? "",
    printed: groups?.["printed"],
  }));
}

/**
 * Matches all that a command prints if the page shows it so. A line of `…` stands for any lines, also none, and `…` in a line
 * for any text of that line; how many spaces stand between two words is left to the widths of columns.
 */
export function printedPattern(printed: string): RegExp {
  const lines = printed.trimEnd().split("\n");
  const patterns = lines.map((line) => (line.trim() === "…" ? "(?:.*\\n)*?" : `${linePattern(line)} *\\n`));
  return new RegExp(`^${patterns.join("")}$`);
}

function linePattern(line: string): string {
  return line
    .trimEnd()
    .split(/(…| +)/)
    .map((part) => (part === "…" ? ".*" : part.startsWith(" ") ? " +" : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")))
    .join("");
}
