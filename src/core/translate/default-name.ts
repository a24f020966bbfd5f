import { compareBytes } from "../../go/byte-order.ts";
import { utf8Bytes } from "../../go/utf8.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { normalize } from "../traefik/normalize.ts";

/**
 * The name of the service and the router that Traefik's catalog providers make where tags define none. A canary gets a
 * name of its own, by a hash of all its tags.
 */
export function defaultName({ service, tags }: Pick<ServiceInstance, "service" | "tags">, canary: boolean): string {
  if (!canary) return normalize(service);
  return normalize(`${service}-${fnv1([...tags].sort(compareBytes).join(""))}`);
}

const OFFSET = 14_695_981_039_346_656_037n;
const PRIME = 1_099_511_628_211n;

/** FNV-1 with 64 bits over the text's UTF-8 bytes, as a decimal number. Not 1a: first multiplied, then combined. */
function fnv1(text: string): string {
  let hash = OFFSET;
  for (const byte of utf8Bytes(text)) hash = BigInt.asUintN(64, hash * PRIME) ^ BigInt(byte);
  return hash.toString();
}
