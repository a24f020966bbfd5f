import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  configObject,
  type ResourceKey,
  resourceKey,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import type { FilledService } from "./backend.ts";
import { type Draft, refusePart } from "./draft.ts";
import type { LinkedRouter } from "./router-link.ts";

/**
 * Gives each service of a protocol this instance as its server; without a service one is made. A service that cannot have
 * it is refused. Returns the names of all of them: a router that names no service must not get another one for that.
 */
export function fillServices(
  section: Section,
  draft: Draft,
  fill: (name: string, service: ConfigObject) => FilledService,
): readonly string[] {
  const services = draft.config[section];
  if (services.size === 0) services.set(draft.defaultName, configObject([["loadBalancer", configObject()]]));
  const names = [...services.keys()];
  for (const [name, service] of services) {
    const filled = fill(name, service);
    if (filled.kind === "filled") services.set(name, filled.service);
    else {
      const key = resourceKey(section, name);
      services.delete(name);
      refusePart(draft, key, {
        cause: names.length > 1 ? about(key, filled.finding) : filled.finding,
        object: undefined,
      });
    }
  }
  return names;
}

/** Of several services, a finding about a port says which one it is about; others name it by themselves. */
function about(key: ResourceKey, cause: Finding): Finding {
  const isAboutPort = cause.code === "PORT_OUTSIDE_WINDOW" || cause.code === "PORT_WITHHELD";
  return isAboutPort ? { ...cause, message: `${key}: ${cause.message}` } : cause;
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
