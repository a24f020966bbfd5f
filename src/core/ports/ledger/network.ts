import { ipAddressOf, isIpRange, parseIpAddress } from "../../../go/ip-address.ts";

/** A range of IP addresses. */
export interface IpBlock {
  /** 4 of IPv4, 16 of IPv6. */
  readonly bytes: readonly number[];
  /** How many of the leading bits count. */
  readonly length: number;
}

/**
 * A range that is written down. IPv4 is what it is, also where it is written within IPv6. Plain data: the id of the settings is
 * made of the policy that holds it.
 */
export interface Network extends IpBlock {
  /** As written. */
  readonly text: string;
}

/** An address or a range in CIDR notation; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  if (!isIpRange(text)) return undefined;
  const [address = "", length] = text.split("/");
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const wrapped = address.includes(":") && bytes.length === 4 ? 96 : 0;
  return { text, bytes, length: length === undefined ? 8 * bytes.length : Math.max(0, Number(length) - wrapped) };
}

/** The bytes of an address: 4, also for IPv4 within IPv6 (mapped, or by the NAT64 prefix), else 16. */
export function addressBytes(text: string): readonly number[] | undefined {
  const address = parseIpAddress(text);
  if (address === undefined) return undefined;
  const isWrapped = address.kind() === "ipv6" && WRAPPERS.some((prefix) => address.match(prefix, 96));
  return isWrapped ? address.toByteArray().slice(12) : address.toByteArray();
}

/** Prefixes of 96 bits before an IPv4 address: mapped, and NAT64's well-known one. */
const WRAPPERS = ["::ffff:0:0", "64:ff9b::"].map(parseIpAddress).filter((prefix) => prefix !== undefined);

/** The machine that dials it: 127.0.0.0/8 and ::1, and 0.0.0.0 and ::, which are dialled as such. */
export function isLoopback(host: string): boolean {
  const bytes = addressBytes(host) ?? [];
  if (bytes.length === 4) return bytes[0] === 127 || bytes[0] === 0;
  return bytes.length === 16 && bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 2) < 2;
}

/** Is the address, 4 or 16 bytes, one of the network? */
export function isInNetwork({ bytes, length }: IpBlock, address: readonly number[]): boolean {
  return bytes.length === address.length && ipAddressOf(address).match(ipAddressOf(bytes), length);
}

/** An address of the network that a machine could have: the tenth one, or what is written where it has no more than that. */
export function addressIn({ bytes, length }: Network): string {
  const last = bytes.at(-1) ?? 0;
  const isWhole = last === 0 && length <= 8 * bytes.length - 4;
  return ipAddressOf(isWhole ? [...bytes.slice(0, -1), 10] : bytes).toString();
}

/** Does the inner network lie within the outer one? */
export function isWithinNetwork(outer: IpBlock, inner: IpBlock): boolean {
  return inner.length >= outer.length && isInNetwork(outer, inner.bytes);
}
