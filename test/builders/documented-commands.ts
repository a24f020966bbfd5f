/** A command of portolan's as a page shows it. */
export interface DocumentedCommand {
  readonly page: string;
  readonly line: number;
  /** The words behind `portolan`. */
  readonly words: readonly string[];
}

/** `portolan`, or a longer form of it, at the beginning of a line of a block, and what follows. */
const IN_BLOCK =
  /^\s*(?:\$ |# )?(?:sudo (?:-\S+ \S+ )?)?(?:(?:docker (?:compose )?exec|nomad alloc exec|npx) (?:\S+ )+)?(?:\S*\/)?portolan ([a-z-].*)$/;

/** In running text: a code span that begins with `portolan` and a word. */
const IN_TEXT = /`(?:docker exec \S+ |nomad alloc exec (?:-\S+ \S+ )*(?:\S+ )?)?portolan ([a-z-][^`]*)`/g;

/** Every command of portolan's that a page of Markdown shows, in blocks and in running text. */
export function documentedCommands(page: string, text: string): readonly DocumentedCommand[] {
  let isBlock = false;
  const lines = text.replaceAll(/ *\\\n\s*/g, " ").split("\n");
  return lines.flatMap((line, i) => {
    if (/^\s*```/.test(line)) {
      isBlock = !isBlock;
      return [];
    }
    const isCode = isBlock || /^ {4}\S/.test(line);
    const found = isCode ? [IN_BLOCK.exec(line)] : [...line.matchAll(IN_TEXT)];
    return found.flatMap((match) =>
      match?.[1] === undefined ? [] : [{ page, line: i + 1, words: shellWords(match[1]) }],
    );
  });
}

/** The words of a shell's command: quotes taken away, up to a pipe, another command, a redirection or a comment. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [part] of text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(?:[|&;<>#]|\d?>)/.test(part)) break;
    const word = part.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double).replace(/;$/, "");
    // An ellipsis stands for further words.
    if (word !== "…" && word !== "...") words.push(word);
    if (part.endsWith(";")) break;
  }
  return words;
}
