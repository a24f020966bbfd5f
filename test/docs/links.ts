import { dirname, join, normalize } from "node:path";

/** A link or picture of a page to something in this repository. */
export interface Link {
  readonly page: string;
  readonly line: number;
  /** Relative to the repository; of the page itself where only a place in it is named. */
  readonly file: string;
  /** Behind `#`. */
  readonly place: string | undefined;
}

const OUTSIDE = /^(?:https?:|mailto:)/;

/** The lines outside fenced blocks, with their numbers from 1 on. */
function prose(text: string): readonly (readonly [number, string])[] {
  let isBlock = false;
  return text.split("\n").flatMap((line, i): (readonly [number, string])[] => {
    if (/^\s*```/.test(line)) isBlock = !isBlock;
    return isBlock ? [] : [[i + 1, line]];
  });
}

/** Links, pictures, definitions of links and the `src` and `srcset` of pictures in HTML. */
export function linksIn(page: string, text: string): readonly Link[] {
  return prose(text).flatMap(([line, said]) => {
    const shown = said.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, (code) => "x".repeat(code.length));
    const targets = [
      ...shown.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g),
      ...shown.matchAll(/^\s*\[[^\]]+\]: (\S+)/g),
      ...shown.matchAll(/<(?:img|source)[^>]*\b(?:src|srcset)="([^"]+)"/g),
      ...shown.matchAll(/<a[^>]*\bhref="([^"]+)"/g),
    ];
    return targets.flatMap(([, target = ""]) => {
      if (OUTSIDE.test(target)) return [];
      const [path = "", place] = target.split("#", 2);
      return [{ page, line, file: path === "" ? page : normalize(join(dirname(page), path)), place }];
    });
  });
}

/** What GitHub makes of the headings of a page, in their order; the second of equal ones ends with -1. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const [, line] of prose(text)) {
    for (const [, id = ""] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
    const heading = /^#{1,6} +(.*?)(?: +#+)?\s*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");
}
