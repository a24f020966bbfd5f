import { type ConfigObject, type ConfigValue, isConfigObject } from "./dynamic-config.ts";
import { serversOf } from "./servers.ts";

/**
 * The field of a server by which a configuration remembers that it is a canary's, and what share of its service's requests
 * it may have, in percent. Traefik has no such field, no tag and no file can set it, and no chart is written with it: there
 * the service is a weighted one (`canary-split.ts`).
 */
export const CANARY_FIELD = "canary";

/** The share of a canary's server, in percent; undefined for any other. */
export function canaryPercentOf(server: ConfigValue): number | undefined {
  const percent = isConfigObject(server) ? server[CANARY_FIELD] : undefined;
  return typeof percent === "number" ? percent : undefined;
}

/**
 * The share of all canaries of a service, in percent: the least of what theirs is. Undefined where it has none, or no other
 * server: then there is nothing to share with.
 */
export function canaryShareOf(service: ConfigObject): number | undefined {
  const percents = serversOf(service).map(canaryPercentOf);
  const known = percents.filter((percent) => percent !== undefined);
  return known.length === 0 || known.length === percents.length ? undefined : Math.min(...known);
}
