import type { ServiceInstance } from "../catalog/snapshot.ts";

const WORD = /(?:^|[^a-z0-9])grpc(?:$|[^a-z0-9])/i;

/**
 * Does the name of the service or the label of its port have the word `grpc`? A catalog does not keep labels, but Nomad
 * ends the id of a registration with `-SERVICE-LABEL`, in Consul as in its own.
 */
export function saysGrpc({ service, id }: Pick<ServiceInstance, "service" | "id">): boolean {
  if (WORD.test(service)) return true;
  const name = `-${service}-`;
  const at = id.startsWith("_nomad-") ? id.lastIndexOf(name) : -1;
  return at >= 0 && WORD.test(id.slice(at + name.length));
}
