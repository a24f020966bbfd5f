import { withAddress } from "./address-backend.ts";
import { fillServices, linkRouters } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { linkService } from "./router-link.ts";

/** UDP: without a service one is made; each gets this instance as its server; routers have no rules. */
export function completeUdp(draft: Draft): void {
  const services = fillUdp(draft);
  linkRouters(draft.config["udp/routers"], draft, (name, router) => linkService("udp", name, router, services));
}

/** Gives each service this instance as its server; returns their names. */
export function fillUdp(draft: Draft): readonly string[] {
  return fillServices("udp/services", draft, (name, service) => withAddress("udp", name, service, draft));
}
