/** Says whether a text matches; `*` in the pattern stands for any characters. */
export type Glob = (text: string) => boolean;

export function compileGlob(pattern: string): Glob {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  const shortest = first.length + last.length;
  return (text) => {
    if (!text.startsWith(first) || text.length < shortest || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}

export function matchesGlob(pattern: string, text: string): boolean {
  return compileGlob(pattern)(text);
}

/** Whether one of these names would stand for others, too, where it is written as a pattern. */
export function isAnyPattern(names: readonly string[]): boolean {
  return names.some((name) => name.includes("*"));
}
