import { compareBytes } from "../../go/byte-order.ts";
import { utf8Bytes } from "../../go/utf8.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import { normalize } from "../traefik/normalize.ts";

/**
 * The name of the service and the router that Traefik's catalog providers make where tags define none. A canary gets a
 * name of its own, by a hash of all its tags.
 */
export function defaultName({ service, tags }: Pick<ServiceInstance, "service" | "tags">, canary: boolean): string {
  if (!canary) return normalize(service);
  return normalize(`${service}-${fnv1([...tags].sort(compareBytes).join(""))}`);
}

/**
 * The same name where a catalog shows several namespaces, for a service of another namespace than the default one:
 * `team_web`. Traefik's provider gives services of one name in two namespaces one name, and each the servers of the other.
 * Neither Nomad nor Consul admits an underscore in the name of a namespace.
 */
export function inNamespace(
  defaultName: string,
  instance: Pick<ServiceInstance, "namespace">,
  { hasManyNamespaces }: Pick<CoreSettings, "hasManyNamespaces">,
): string {
  const namespace = namespaceOf(instance);
  return hasManyNamespaces && namespace !== DEFAULT_NAMESPACE ? `${normalize(namespace)}_${defaultName}` : defaultName;
}

const OFFSET = 14_695_981_039_346_656_037n;
const PRIME = 1_099_511_628_211n;

/** FNV-1 with 64 bits over the text's UTF-8 bytes, as a decimal number. Not 1a: first multiplied, then combined. */
function fnv1(text: string): string {
  let hash = OFFSET;
  for (const byte of utf8Bytes(text)) hash = BigInt.asUintN(64, hash * PRIME) ^ BigInt(byte);
  return hash.toString();
}
