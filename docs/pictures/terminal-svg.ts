/** Sizes in user units of the picture; a letter of every monospaced font is some 0.6 of its size wide. */
const FONT_SIZE = 14;
const LETTER = FONT_SIZE * 0.6;
const LINE = 20;
const MARGIN = 20;
const HEAD = 32;

const BACKGROUND = "#0f1b28";
const TEXT = "#d7e0e8";
/** By the parameter of the sequence that begins it: what src/cli/text/colour.ts prints, on a dark terminal. */
const STYLES: Readonly<Record<string, string>> = {
  "1": `font-weight="bold" fill="#ffffff"`,
  "2": `fill="#8496a6"`,
  "31": `fill="#ff7b72"`,
  "32": `fill="#7ee787"`,
  "33": `fill="#e3b341"`,
  "36": `fill="#79c0ff"`,
};

/**
 * A picture of a terminal that shows a text with colours. Each part stands at its own column, so that the columns are right in
 * whatever font there is.
 */
export function terminalSvg(title: string, text: string): string {
  const lines = text.trimEnd().split("\n");
  const columns = Math.max(...lines.map((line) => [...withoutSequences(line)].length));
  const width = Math.ceil(2 * MARGIN + columns * LETTER);
  const height = HEAD + lines.length * LINE + MARGIN;
  const rows = lines.flatMap((line, row) => {
    const y = HEAD + (row + 1) * LINE - 5;
    return partsOf(line).map(({ column, text: part, style }) => {
      const length = ([...part].length * LETTER).toFixed(1);
      const x = (MARGIN + column * LETTER).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}" ${style}>${escaped(part)}</text>`;
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, at) => `<circle cx="${MARGIN + at * 18}" cy="18" r="5" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" fill="${TEXT}">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

interface Part {
  readonly column: number;
  readonly text: string;
  /** Attributes of its element. */
  readonly style: string;
}

/** A line in parts of one colour each, with no more than one space between words. */
function partsOf(line: string): readonly Part[] {
  const parts: Part[] = [];
  let column = 0;
  let style = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they begin the sequences
  for (const [, code, text = ""] of line.matchAll(/\u001b\[(\d+)m|([^\u001b]+)/g)) {
    if (code !== undefined) style = STYLES[code] ?? "";
    else {
      // Spaces in a row would be one: what stands behind them has its own column.
      for (const words of text.matchAll(/\S+(?: \S+)*/g)) {
        parts.push({ column: column + [...text.slice(0, words.index)].length, text: words[0], style });
      }
      column += [...text].length;
    }
  }
  return parts;
}

function withoutSequences(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they begin the sequences
  return text.replaceAll(/\u001b\[\d+m/g, "");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
