import type { Reason } from "./told-answer.ts";

type Spot = NonNullable<Reason["spot"]>;

/** What is wrong in a tag: from where to before where. The whole key or value where the spot is not found; never beyond the tag but for what is missing at its end. */
export function spotPlace(tag: string, spot: Spot): readonly [start: number, end: number] {
  const equals = tag.indexOf("=");
  const [start, end] = spot.in === "key" ? [0, equals < 0 ? tag.length : equals] : [equals + 1, tag.length];
  const text = spot.text ?? "";
  if (spot.offset !== undefined) return [start + spot.offset, start + spot.offset + Math.max(1, text.length)];
  const found = text === "" ? -1 : indexOfPart(tag.slice(0, end), text, start);
  return found < 0 ? [start, start + Math.max(1, end - start)] : [found, found + text.length];
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
