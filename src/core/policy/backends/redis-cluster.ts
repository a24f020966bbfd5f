import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import type { CoreSettings } from "../../settings.ts";
import { type ConfigObject, resourceKey, type Section } from "../../traefik/chart/dynamic-config.ts";
import { connectionsOf } from "../../traefik/connections/connections.ts";
import { allowRemedy, allows } from "../allow.ts";

/**
 * Why a middleware must not have the Redis that it asks for. Traefik's client takes several end points for a cluster's, and
 * goes wherever the first that answers says that the keys are.
 */
export function whyRedisCluster(
  section: Section,
  name: string,
  object: ConfigObject,
  instance: ServiceInstance,
  settings: CoreSettings,
): Finding | undefined {
  const opened = { redirects: true };
  const endpoints = connectionsOf(section, object).filter(({ form }) => form === "endpoint");
  const [first] = endpoints;
  if (first === undefined || endpoints.length === 1 || allows(settings, instance, opened)) return undefined;
  return {
    code: "BACKEND_REFUSED",
    message: `${first.path} of ${resourceKey(section, name)} has ${endpoints.length} end points; Traefik takes them for a cluster, whose servers lead it to any address`,
    ...allowRemedy("write one end point, or allow it in", instance, opened),
  };
}
