import type { DynamicRange } from "../../core/ports/dynamic-range.ts";
import { formatRange } from "../../core/ports/port-range.ts";

/** The dynamic range that counts, and where it comes from. */
export function rangeView({ ports, origin }: DynamicRange) {
  return { ports: formatRange(ports), origin };
}
