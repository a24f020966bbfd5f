import type { Spot } from "../../core/diagnostics/diagnostics.ts";
import { spotPlace } from "../../explained/spot-place.ts";

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
  const [start, end] = spotPlace(tag, spot);
  return " ".repeat(start) + "^".repeat(end - start);
}
