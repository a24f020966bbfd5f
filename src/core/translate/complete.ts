import { type ConfigObject, configObject } from "../traefik/chart/dynamic-config.ts";
import type { FilledService } from "./backend.ts";
import type { Draft } from "./draft.ts";
import type { LinkedRouter } from "./router-link.ts";

/**
 * Gives each service of a protocol this instance as its server; without a service one is made. A service that cannot have
 * it costs the instance.
 */
export function fillServices(
  services: Map<string, ConfigObject>,
  { defaultName, refusals }: Draft,
  fill: (name: string, service: ConfigObject) => FilledService,
): void {
  if (services.size === 0) services.set(defaultName, configObject([["loadBalancer", configObject()]]));
  for (const [name, service] of services) {
    const filled = fill(name, service);
    if (filled.kind === "filled") services.set(name, filled.service);
    else {
      services.delete(name);
      refusals.push(filled.finding);
    }
  }
}

/** Completes each router of a protocol; one that cannot be completed is left out, and nothing else. */
export function linkRouters(
  routers: Map<string, ConfigObject>,
  { findings }: Draft,
  link: (name: string, router: ConfigObject) => LinkedRouter,
): void {
  for (const [name, router] of routers) {
    const linked = link(name, router);
    if (linked.kind === "linked") routers.set(name, linked.router);
    else {
      routers.delete(name);
      findings.push(linked.finding);
    }
  }
}
