/** As wide as every terminal is. */
export const WIDTH = 80;

/**
 * A text in lines of at most 80 columns. An empty line ends a paragraph, and a line that begins with a space, an example
 * for instance, stays as it is; other line ends are nothing but spaces. A word that is wider than a line has its own.
 *
 * @param indent columns that the first line has before it already, and the others get as spaces
 */
export function wrap(text: string, indent = 0): string {
  const lines: string[] = [];
  let line = "";
  const end = () => {
    if (line !== "") lines.push(line);
    line = "";
  };
  for (const written of text.split("\n")) {
    if (written === "" || written.startsWith(" ")) {
      end();
      lines.push(written);
      continue;
    }
    for (const word of written.split(" ").filter((one) => one !== "")) {
      if (line !== "" && indent + line.length + 1 + word.length > WIDTH) end();
      line += line === "" ? word : ` ${word}`;
    }
  }
  end();
  return lines.map((one, i) => (i === 0 || one === "" ? one : " ".repeat(indent) + one)).join("\n");
}

/** Two columns: names, and what is said of each, wrapped beside them. */
export function columns(rows: ReadonlyArray<readonly [string, string]>): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${wrap(text, width + 4)}\n`).join("");
}
