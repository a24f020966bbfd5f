/**
 * The line, counted from 1, on which a place of a YAML, JSON or TOML text begins, as far as its names can be followed from the
 * outside in; undefined where they cannot. Positions in lists are passed over. A guess from the text: what a person needs to
 * look there, and nothing depends on it.
 */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  const names = path.filter((name) => !/^\d+$/.test(name));
  if (names.length === 0) return undefined;
  let at = 0;
  for (const name of names) {
    const pattern = new RegExp(`(?<=^|[\\s{,.\\["'])${escaped(name)}(?=["']?\\s*[:=.\\]])`, "gim");
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at = found.index + name.length;
  }
  return text.slice(0, at).split("\n").length;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
