const UNIT_NS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const SECOND_NS = 1_000_000_000n;
const MAX_NS = 2n ** 63n - 1n;
const PIECE = /([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/y;
/** Longer texts are no duration; the bound keeps a hostile one from becoming a giant number. */
const MAX_LENGTH = 200;

/**
 * Nanoseconds of a duration in Go's syntax (`1m30s`, `100ms`, `1.5h`, `-2s`, `0`), or undefined where Go refuses it:
 * nothing at all, a missing or unknown unit (there are no days), or more than 2^63 ns (292 years).
 */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > MAX_LENGTH) return;
  const negative = text.startsWith("-");
  const body = negative || text.startsWith("+") ? text.slice(1) : text;
  if (body === "0") return 0n;
  if (body === "") return;
  let totalNs = 0n;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < body.length) {
    const [, whole = "", fraction = "", unit = ""] = PIECE.exec(body) ?? [];
    const unitNs = UNIT_NS.get(unit);
    if (unitNs === undefined || whole + fraction === "") return;
    totalNs += BigInt(whole) * unitNs + (BigInt(fraction) * unitNs) / 10n ** BigInt(fraction.length);
  }
  const limitNs = negative ? MAX_NS + 1n : MAX_NS;
  if (totalNs > limitNs) return;
  return negative ? -totalNs : totalNs;
}

/** A duration as Go prints it: `1m30s`, `2h0m0s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(ns: bigint): string {
  if (ns < 0n) return `-${formatDuration(-ns)}`;
  if (ns === 0n) return "0s";
  if (ns < 1_000n) return `${ns}ns`;
  if (ns < 1_000_000n) return `${decimal(ns, 1_000n)}µs`;
  if (ns < SECOND_NS) return `${decimal(ns, 1_000_000n)}ms`;
  const minutes = ns / (60n * SECOND_NS);
  const seconds = `${decimal(ns % (60n * SECOND_NS), SECOND_NS)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** Every unit below a minute is a power of ten. */
function decimal(ns: bigint, unitNs: bigint): string {
  const digits = String(unitNs).length - 1;
  const fraction = String(ns % unitNs)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return fraction === "" ? String(ns / unitNs) : `${ns / unitNs}.${fraction}`;
}
