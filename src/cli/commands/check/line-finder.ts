import { linesOfKeys } from "../../../base/yaml-lines.ts";

/**
 * Finds the line, counted from 1, on which a place of a text begins: of the place itself, or of the innermost that it is in, as
 * for a field that is missing there; undefined where none is known. Names count whatever their case and underscores are, as
 * they are written `TaggedAddresses` and `tagged_addresses`. In a text that is neither YAML nor JSON, such as TOML, it is a
 * guess: what a person needs to look there, and nothing depends on it.
 */
export function lineFinder(text: string): (path: readonly string[]) => number | undefined {
  let lines: ReadonlyMap<string, number> | undefined;
  return (path) => {
    lines ??= withFoldedKeys(linesOfKeys(text));
    if (lines.size === 0) return guessedLine(text, path);
    for (let depth = path.length; depth > 0; depth--) {
      const key = path.slice(0, depth).join(".");
      const line = lines.get(key) ?? lines.get(folded(key));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

/** A key counts as it is written before another that it would be once folded. */
function withFoldedKeys(lines: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...[...lines].map(([key, line]) => [folded(key), line] as const), ...lines]);
}

function folded(key: string): string {
  return key.toLowerCase().replaceAll("_", "");
}

/** As far as the names can be followed from the outside in. Positions in lists are passed over. */
function guessedLine(text: string, path: readonly string[]): number | undefined {
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
