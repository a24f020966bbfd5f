const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** One of Go's durations ("1m30s", "0.5s", "-1h"; a number without a unit is none but 0) → milliseconds. */
export function parseDurationMs(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const [, sign, parts] = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (parts === undefined) return undefined;
  let durationMs = 0;
  for (const [, amount, unit] of parts.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    durationMs += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return sign === "-" ? -durationMs : durationMs;
}
