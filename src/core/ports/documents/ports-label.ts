import type { LedgerEntry } from "../ledger/ledger.ts";
import { formatRange, joinRanges } from "../port-range.ts";

/** The ports of entries in ascending order, `80, 443`; those of UDP alone as `53/udp`. */
export function portsLabel(entries: readonly LedgerEntry[]): string {
  const isUdp = ({ protocols }: LedgerEntry) => !protocols.includes("tcp");
  const written = (some: readonly LedgerEntry[], mark: string) =>
    joinRanges(some.map(({ ports }) => ports)).map((range) => `${formatRange(range)}${mark}`);
  const tcp = entries.filter((entry) => !isUdp(entry));
  return [...written(tcp, ""), ...written(entries.filter(isUdp), "/udp")].join(", ");
}
