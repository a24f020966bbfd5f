import { type IpAddress, isIpRange, parseIpAddress } from "../../go/ip-address.ts";
import type { Network } from "../settings.ts";

/** An address or a range in CIDR notation; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  if (!isIpRange(text)) return undefined;
  const [written = "", length] = text.split("/");
  const address = parseAddress(written);
  if (address === undefined) return undefined;
  const bits = 8 * address.toByteArray().length;
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const wrapped = written.includes(":") && bits === 32 ? 96 : 0;
  return { text, address, length: length === undefined ? bits : Math.max(0, Number(length) - wrapped) };
}

/** An address in the texts that Go takes; IPv4 within IPv6 (mapped, or by the NAT64 prefix) becomes IPv4. */
export function parseAddress(text: string): IpAddress | undefined {
  const address = parseIpAddress(text);
  if (address?.kind() !== "ipv6" || !WRAPPERS.some((prefix) => address.match(prefix, 96))) return address;
  return parseIpAddress(address.toByteArray().slice(12).join("."));
}

/** Prefixes of 96 bits before an IPv4 address: mapped, and NAT64's well-known one. */
const WRAPPERS = ["::ffff:0:0", "64:ff9b::"].map(parseIpAddress).filter((prefix) => prefix !== undefined);

export function isInNetwork(network: Network, address: IpAddress): boolean {
  return address.kind() === network.address.kind() && address.match(network.address, network.length);
}

/** Does the inner network lie within the outer one? */
export function isWithinNetwork(outer: Network, inner: Network): boolean {
  return inner.length >= outer.length && isInNetwork(outer, inner.address);
}
