import type { Spot } from "../../core/diagnostics/diagnostics.ts";

/** A tag with carets below what is wrong in it; nothing where no tag is. */
export function markedTag({
  tag,
  spot,
}: {
  readonly tag?: string | undefined;
  readonly spot?: Spot | undefined;
}): readonly string[] {
  if (tag === undefined) return [];
  return spot === undefined ? [tag] : [tag, caretLine(tag, spot)];
}

/** A line of carets to print under a tag: below the spot, or below the whole key or value where the spot is not found. */
export function caretLine(tag: string, spot: Spot): string {
  const equals = tag.indexOf("=");
  const [start, end] = spot.in === "key" ? [0, equals < 0 ? tag.length : equals] : [equals + 1, tag.length];
  const text = spot.text ?? "";
  if (spot.offset !== undefined) return carets(start + spot.offset, Math.max(1, text.length));
  const found = text === "" ? -1 : indexOfPart(tag.slice(0, end), text, start);
  return found < 0 ? carets(start, Math.max(1, end - start)) : carets(found, text.length);
}

/** Looks for a part of a key between dots first; else for the text anywhere, since it may cross dots or follow a bracket. */
function indexOfPart(text: string, part: string, from: number): number {
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + 1)) {
    const before = text[at - 1];
    const after = text[at + part.length];
    if ((before === undefined || before === ".") && (after === undefined || after === "." || after === "[")) return at;
  }
  return text.indexOf(part, from);
}

function carets(offset: number, length: number): string {
  return " ".repeat(offset) + "^".repeat(length);
}
