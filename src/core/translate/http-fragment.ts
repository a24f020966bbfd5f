import { configObject } from "../traefik/dynamic-config.ts";
import { judgeForwardAuth, withServer } from "./backend.ts";
import type { Draft } from "./fragment.ts";
import { linkRouter } from "./router-link.ts";
import { ruleDataOf } from "./rule-data.ts";

/**
 * HTTP: without a service one is made; each service gets this instance as its server; without a router one is made if
 * there is exactly one service; a router without a rule gets the default rule, one without a service the only one there is.
 */
export function completeHttp(draft: Draft): void {
  const { config, instance, defaultName, labels, settings, refusals, findings, byDefaultRule } = draft;
  const services = config["http/services"];
  if (services.size === 0) services.set(defaultName, configObject([["loadBalancer", configObject()]]));
  for (const [name, service] of services) {
    const filled = withServer(name, service, draft);
    if (filled.kind === "filled") services.set(name, filled.service);
    else {
      services.delete(name);
      refusals.push(filled.finding);
    }
  }

  if (settings.compat === "none") {
    for (const [name, middleware] of config["http/middlewares"]) {
      const finding = judgeForwardAuth(name, middleware, instance, settings);
      if (finding !== undefined) refusals.push(finding);
    }
  }

  const routers = config["http/routers"];
  if (routers.size === 0 && services.size === 1) routers.set(defaultName, configObject());
  for (const [name, router] of routers) {
    const rule = router["rule"];
    const isDefault = rule === undefined || rule === "";
    if (isDefault) byDefaultRule.add(name);
    const linked = linkRouter("http", name, router, [...services.keys()], () =>
      settings.traefik.defaultRule(ruleDataOf(instance, labels)),
    );
    if (linked.kind === "linked") routers.set(name, linked.router);
    else {
      routers.delete(name);
      findings.push(linked.finding);
    }
  }
}
