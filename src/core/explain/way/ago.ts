/** A span of time for people, in its greatest unit. */
export function agoText(ms: number): string {
  return `${spanText(ms)} ago`;
}

/** The same without its direction. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [unit, size] = UNITS.find(([, one]) => seconds >= 2 * one) ?? ["s", 1];
  return `${Math.round(seconds / size)} ${unit}`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;
