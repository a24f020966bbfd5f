/** A text of Traefik v2 in which `{NAME:REGEXP}` or `{NAME}` stands for a part of a host or path, taken apart. */
export interface V2Template {
  /** The first such part, as written. */
  readonly part: string;
  /** The regular expression that matches what v2 would have matched, without anchors. */
  readonly regexp: string;
}

/** The opening of a part: a brace, a name, and a colon or the closing brace. */
const OPENING = /\{[A-Za-z_][\w-]*(?=[:}])/g;
/** In front of a brace these make it one of Go's regular expressions, `\p{Greek}`, `\x{10FFFF}`, `\{`, or a variable of a job file's. */
const OF_REGEXP = /(?:^|[^\\])(?:\\\\)*\\[pPx]?$|\$$/;
const SPECIAL = /[.*+?^$()[\]{}|\\]/g;

/**
 * Reads a matcher's argument as Traefik v2 would; undefined where it has no part in braces.
 *
 * @param separator what a part without a regexp of its own does not match: `.` in a host, `/` in a path
 */
export function readV2Template(text: string, separator: "." | "/"): V2Template | undefined {
  let part: string | undefined;
  let regexp = "";
  let from = 0;
  for (const { 0: opening, index } of text.matchAll(OPENING)) {
    if (index < from || OF_REGEXP.test(text.slice(0, index))) continue;
    const end = closingBrace(text, index);
    if (end === undefined) return undefined;
    part ??= text.slice(index, end + 1);
    const own = text.slice(index + opening.length + 1, end);
    regexp +=
      escaped(text.slice(from, index)) + (own === "" ? `[^${separator}]+` : own.includes("|") ? `(${own})` : own);
    from = end + 1;
  }
  return part === undefined ? undefined : { part, regexp: regexp + escaped(text.slice(from)) };
}

/** Braces within a part come in pairs: `{id:[0-9]{4}}`. */
function closingBrace(text: string, opening: number): number | undefined {
  let depth = 0;
  for (let at = opening; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return undefined;
}

function escaped(literal: string): string {
  return literal.replace(SPECIAL, "\\$&");
}
