import type { DynamicRange } from "../../core/ports/dynamic-range.ts";
import { formatRange, type PortRange } from "../../core/ports/port-range.ts";

/** Of a port or an entry: a tenant may register thousands at one port. */
export const MOST_NAMED = 10;

/** A range as text and as numbers. */
export function portsField(range: PortRange) {
  return { ports: formatRange(range), ...range };
}

/** The dynamic range that counts, and where it comes from. */
export function rangeView({ ports, origin }: DynamicRange) {
  return { ports: formatRange(ports), origin };
}
