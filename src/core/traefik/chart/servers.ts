import { memoize } from "../../incremental/memoize.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject } from "./dynamic-config.ts";

/** The servers of a service's load balancer; none for a service of another kind. */
export function serversOf(service: ConfigObject): readonly ConfigValue[] {
  const loadBalancer = service["loadBalancer"];
  const servers = isConfigObject(loadBalancer) ? loadBalancer["servers"] : undefined;
  return Array.isArray(servers) ? servers : [];
}

/** Where a server is reached: an HTTP server's URL, a TCP or UDP server's address. One server, one endpoint. */
export function endpointOf(server: ConfigValue): string {
  return isConfigObject(server) ? String(server["url"] ?? server["address"] ?? "") : "";
}

/** The service with exactly these servers, in the order of their endpoints: order has no meaning but counts as a change. */
export function withServers(service: ConfigObject, servers: Iterable<ConfigValue>): ConfigObject {
  const loadBalancer = service["loadBalancer"];
  const sorted = [...servers].sort((a, b) => (endpointOf(a) < endpointOf(b) ? -1 : 1));
  const balanced = configObject([
    ...(isConfigObject(loadBalancer) ? Object.entries(loadBalancer) : []),
    ["servers", sorted],
  ]);
  return configObject([...Object.entries(service), ["loadBalancer", balanced]]);
}

/**
 * Are these the same object, or services with the very same values in all fields but the servers? So are those of instances
 * with the same tags; others may mean the same all the same.
 */
export function isSameButForServers(one: ConfigObject, other: ConfigObject): boolean {
  if (one === other) return true;
  if (serversOf(one).length === 0 || serversOf(other).length === 0) return false;
  const [balancer, otherBalancer] = [one["loadBalancer"], other["loadBalancer"]];
  return (
    isConfigObject(balancer) &&
    isConfigObject(otherBalancer) &&
    isSameButFor("loadBalancer", one, other) &&
    isSameButFor("servers", balancer, otherBalancer)
  );
}

/** By the identity of the values, where both have the field. */
function isSameButFor(field: string, one: ConfigObject, other: ConfigObject): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => (name === field ? name in other : one[name] === other[name]))
  );
}

/** What an object means apart from its servers, as text; remembered for each object. */
export const shapeOf = memoize(shapeText);

/** The same, not remembered: for an object that is asked about once. */
export function shapeText(object: ConfigObject): string {
  return canonicalJson(serversOf(object).length === 0 ? object : withServers(object, []));
}
