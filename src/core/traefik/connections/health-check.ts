import { memoize } from "../../incremental/memoize.ts";
import { type ConfigObject, configObject, isConfigObject } from "../chart/dynamic-config.ts";

/** What a service's load balancer says of Traefik's own health checks; undefined where it asks for none. */
export function healthCheckOf(service: ConfigObject): ConfigObject | undefined {
  const loadBalancer = service["loadBalancer"];
  const check = isConfigObject(loadBalancer) ? loadBalancer["healthCheck"] : undefined;
  return isConfigObject(check) ? check : undefined;
}

/** The service with another health check, or with none. */
export function withHealthCheck(service: ConfigObject, check: ConfigObject | undefined): ConfigObject {
  const loadBalancer = service["loadBalancer"];
  if (!isConfigObject(loadBalancer)) return service;
  const { healthCheck: _, ...rest } = loadBalancer;
  const balanced = configObject([...Object.entries(rest), ...(check ? [["healthCheck", check] as const] : [])]);
  return configObject([...Object.entries(service), ["loadBalancer", balanced]]);
}

/** The same service without its health check; the same object each time it is asked for. */
export const withoutHealthCheck = memoize((service: ConfigObject) => withHealthCheck(service, undefined));

/** The port of a health check where it names one; 0 means that of the server. */
export function checkPortOf(check: ConfigObject): number {
  return Number(check["port"] ?? 0);
}
