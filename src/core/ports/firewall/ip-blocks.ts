import { ipAddressOf, isIpRange, parseIpAddress } from "../../../go/ip-address.ts";
import { type IpBlock, isWithinNetwork } from "../ledger/network.ts";

/** Addresses by family, since nftables keeps the two apart, and what is no address. */
export interface IpBlocks {
  readonly ipv4: readonly IpBlock[];
  readonly ipv6: readonly IpBlock[];
  /** Names of hosts: which address they have when the rules are loaded, and later, is not known. */
  readonly names: readonly string[];
}

export const NO_BLOCKS: IpBlocks = { ipv4: [], ipv6: [], names: [] };

/** In ascending order, without those that lie within others: nftables refuses intervals that overlap. */
export function ipBlocks(texts: readonly string[]): IpBlocks {
  const read = texts.map((text) => ({ text, block: parseBlock(text) }));
  const blocks = outermost(read.flatMap(({ block }) => block ?? []));
  return {
    ipv4: blocks.filter(({ bytes }) => bytes.length === 4),
    ipv6: blocks.filter(({ bytes }) => bytes.length === 16),
    names: [...new Set(read.filter(({ block }) => block === undefined).map(({ text }) => text))],
  };
}

/** `192.168.11.11`, `192.168.11.0/24`. */
export function formatBlock({ bytes, length }: IpBlock): string {
  const address = ipAddressOf(bytes).toString();
  return length === 8 * bytes.length ? address : `${address}/${length}`;
}

export function hasBlocks({ ipv4, ipv6 }: IpBlocks): boolean {
  return ipv4.length + ipv6.length > 0;
}

/** Does the block lie within one of the others? */
export function isWithinBlocks(inner: IpBlock, { ipv4, ipv6 }: IpBlocks): boolean {
  return [...ipv4, ...ipv6].some((outer) => isWithinNetwork(outer, inner));
}

/** Those that do not lie within the others. */
export function withoutBlocks({ ipv4, ipv6, names }: IpBlocks, others: IpBlocks): IpBlocks {
  const isOutside = (block: IpBlock) => !isWithinBlocks(block, others);
  return { ipv4: ipv4.filter(isOutside), ipv6: ipv6.filter(isOutside), names };
}

/** An address or a range, with the bits after its prefix cleared; undefined for what is neither. */
function parseBlock(text: string): IpBlock | undefined {
  if (!isIpRange(text)) return undefined;
  const [address = "", prefix] = text.split("/");
  const bytes = parseIpAddress(address)?.toByteArray() ?? [];
  const length = prefix === undefined ? 8 * bytes.length : Number(prefix);
  // IPv4 that is written as IPv6 never has that form on the wire.
  if (length >= 96 && MAPPED.every((byte, i) => bytes[i] === byte)) return cleared(bytes.slice(12), length - 96);
  return cleared(bytes, length);
}

/** `::ffff:0.0.0.0/96`. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

function cleared(bytes: readonly number[], length: number): IpBlock {
  return { bytes: bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * i)))), length };
}

function outermost(blocks: readonly IpBlock[]): readonly IpBlock[] {
  const kept: IpBlock[] = [];
  for (const block of blocks.toSorted(byAddress)) {
    if (!kept.some((outer) => isWithinNetwork(outer, block))) kept.push(block);
  }
  return kept;
}

/** Of those that begin at one address the largest first. */
function byAddress(one: IpBlock, other: IpBlock): number {
  const differing = one.bytes.findIndex((byte, i) => byte !== other.bytes[i]);
  if (one.bytes.length !== other.bytes.length) return one.bytes.length - other.bytes.length;
  return differing < 0 ? one.length - other.length : (one.bytes[differing] ?? 0) - (other.bytes[differing] ?? 0);
}
