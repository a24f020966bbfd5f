import { isIPv6 } from "node:net";

/**
 * Whose connection it is, as far as an address tells: an IPv4 address, or the first 64 bits of an IPv6 one, of which one machine
 * has as many as it likes.
 */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return "";
  const inV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (inV4 !== undefined || !isIPv6(address)) return inV4 ?? address;
  const [head = "", tail] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
