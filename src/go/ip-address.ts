import ipaddr from "ipaddr.js";

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const PREFIX = /^[0-9]{1,7}$/;

/** An address as a number, to be compared and matched with networks. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * The address of a text that Go's `netip.ParseAddr` takes, or undefined. The library reads far more than Go does (short
 * forms, octal and hexadecimal numbers, zones), so its own parser sees only what has passed `ipBits`.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  return ipBits(text) === undefined ? undefined : ipaddr.parse(text);
}

/** The address of so many bytes, 4 or 16. */
export function ipAddressOf(bytes: readonly number[]): IpAddress {
  return ipaddr.fromByteArray([...bytes]);
}

/** Bits of an IP address in the texts that Go's `netip.ParseAddr` takes (32 or 128), or undefined. Zones are refused. */
export function ipBits(address: string): 32 | 128 | undefined {
  if (isIpv4(address)) return 32;
  return isIpv6(address) ? 128 : undefined;
}

/** Does Traefik take it for an address or a range (`10.0.0.0/8`, `2001:db8::/32`)? The bits after the prefix may be set. */
export function isIpRange(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return ipBits(text) !== undefined;
  const bits = ipBits(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  return bits !== undefined && PREFIX.test(prefix) && Number(prefix) <= bits;
}

function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1)?.at(-1) ?? "";
  const hasIpv4 = isIpv4(last);
  if (hasIpv4) groups.at(-1)?.splice(-1, 1, "0", "0");
  if (!groups.flat().every((group) => GROUP.test(group))) return false;
  const count = groups.flat().length;
  // `::` stands for at least one group.
  return halves.length === 2 ? count < 8 : count === 8;
}
