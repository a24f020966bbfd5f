import { withAddress } from "./address-backend.ts";
import { fillServices, linkRouters } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { linkRouter } from "./router-link.ts";

/** TCP: without a service one is made; each gets this instance as its server; a router needs a rule of its own. */
export function completeTcp(draft: Draft): void {
  const services = fillTcp(draft);
  linkRouters(draft.config["tcp/routers"], draft, (name, router) =>
    linkRouter("tcp", name, router, services, () => ({ kind: "rendered", rule: "" })),
  );
}

/** Gives each service this instance as its server; returns their names. */
export function fillTcp(draft: Draft): readonly string[] {
  return fillServices("tcp/services", draft, (name, service) => withAddress("tcp", name, service, draft));
}
