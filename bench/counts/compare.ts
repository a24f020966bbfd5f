import type { CountResult } from "../results.ts";

/** What counts may differ by without a cause in the program: numbers in names and headers, and what comes with a patch of Node. */
const TOLERANCE = 0.03;
/** Below that many, one more is more. */
const FEW = 10;

/**
 * A line for each count that is other than expected, what got worse first. Where another Node counts, bytes in its memory
 * are not compared.
 */
export function compareCounts(found: readonly CountResult[], expected: readonly CountResult[]): readonly string[] {
  const lines = found.flatMap((now) => {
    const was = expected.find(({ count, services }) => count === now.count && services === now.services);
    if (was === undefined) return [`new: ${now.count}: ${now.value}, none is expected`];
    if (isOfNode(now) && now.node !== was.node) return [];
    const tolerance = toleranceOf(was);
    if (Math.abs(now.value - was.value) <= tolerance) return [];
    const ratio = was.value === 0 ? "" : ` (× ${(now.value / was.value).toFixed(2)})`;
    const verdict = now.value > was.value ? "worse" : "better";
    return [`${verdict}: ${now.count}, at ${now.services} × ${now.instances}: ${was.value} → ${now.value}${ratio}`];
  });
  return lines.toSorted((a, b) => Number(b.startsWith("worse")) - Number(a.startsWith("worse")));
}

/** Reads that come by the clock and not by the change: two fell beside one change or another, in each life. */
const BY_THE_CLOCK = { requests: 2, bytes: 2_500 } as const;

function toleranceOf({ count, value }: CountResult): number {
  if (count.startsWith("requests")) return BY_THE_CLOCK.requests;
  if (count.startsWith("bytes received")) return BY_THE_CLOCK.bytes;
  return value < FEW ? 0 : value * TOLERANCE;
}

function isOfNode({ count }: CountResult): boolean {
  return /allocated|held/.test(count);
}
