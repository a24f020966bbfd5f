import { ipBits, isIpRange } from "../../go/ip-address.ts";
import type { Network } from "../settings.ts";

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
  const bits = ipBits(text);
  if (bits === undefined) return undefined;
  if (bits === 32) return text.split(".").map(Number);
  const bytes = ipv6Bytes(text);
  const prefix = bytes.slice(0, 12).join(".");
  return prefix === MAPPED || prefix === NAT64 ? bytes.slice(12) : bytes;
}

const MAPPED = "0.0.0.0.0.0.0.0.0.0.255.255";
const NAT64 = "0.100.255.155.0.0.0.0.0.0.0.0";

function ipv6Bytes(text: string): readonly number[] {
  const [head = [], tail] = text.split("::").map((half) => (half === "" ? [] : half.split(":").flatMap(groupBytes)));
  if (tail === undefined) return head;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function groupBytes(group: string): readonly number[] {
  if (group.includes(".")) return group.split(".").map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

export function isInNetwork({ bytes, length }: Network, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false;
  return bytes.every((byte, i) => {
    const counting = Math.min(8, Math.max(0, length - 8 * i));
    const mask = 0xff & (0xff << (8 - counting));
    return (byte & mask) === ((address[i] ?? 0) & mask);
  });
}

/** Does the inner network lie within the outer one? */
export function isWithinNetwork(outer: Network, inner: Network): boolean {
  return inner.length >= outer.length && isInNetwork(outer, inner.bytes);
}
