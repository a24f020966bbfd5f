import { configObject } from "../traefik/dynamic-config.ts";
import { withAddress } from "./address-backend.ts";
import type { Draft } from "./fragment.ts";
import { linkService } from "./router-link.ts";

/** UDP: without a service one is made; each gets this instance as its server; routers have no rules. */
export function completeUdp(draft: Draft): void {
  const { config, defaultName, refusals, findings } = draft;
  const services = config["udp/services"];
  if (services.size === 0) services.set(defaultName, configObject([["loadBalancer", configObject()]]));
  for (const [name, service] of services) {
    const filled = withAddress("udp", name, service, draft);
    if (filled.kind === "filled") services.set(name, filled.service);
    else {
      services.delete(name);
      refusals.push(filled.finding);
    }
  }
  const routers = config["udp/routers"];
  for (const [name, router] of routers) {
    const linked = linkService("udp", name, router, [...services.keys()]);
    if (linked.kind === "linked") routers.set(name, linked.router);
    else {
      routers.delete(name);
      findings.push(linked.finding);
    }
  }
}
