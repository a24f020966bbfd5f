import { configObject } from "../traefik/dynamic-config.ts";
import { withAddress } from "./address-backend.ts";
import type { Draft } from "./fragment.ts";
import { linkRouter } from "./router-link.ts";

/** TCP: without a service one is made; each gets this instance as its server; a router needs a rule of its own. */
export function completeTcp(draft: Draft): void {
  const { config, defaultName, refusals, findings } = draft;
  const services = config["tcp/services"];
  if (services.size === 0) services.set(defaultName, configObject([["loadBalancer", configObject()]]));
  for (const [name, service] of services) {
    const filled = withAddress("tcp", name, service, draft);
    if (filled.kind === "filled") services.set(name, filled.service);
    else {
      services.delete(name);
      refusals.push(filled.finding);
    }
  }
  const routers = config["tcp/routers"];
  for (const [name, router] of routers) {
    const linked = linkRouter("tcp", name, router, [...services.keys()], () => ({ kind: "rendered", rule: "" }));
    if (linked.kind === "linked") routers.set(name, linked.router);
    else {
      routers.delete(name);
      findings.push(linked.finding);
    }
  }
}
