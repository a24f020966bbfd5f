import { configObject } from "../traefik/chart/dynamic-config.ts";
import { withServer } from "./backend.ts";
import { fillServices, linkRouters } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { linkRouter } from "./router-link.ts";
import { ruleDataOf } from "./rule-data.ts";

/**
 * HTTP: without a service one is made; each service gets this instance as its server; without a router one is made if
 * there is exactly one service; a router without a rule gets the default rule, one without a service the only one there is.
 */
export function completeHttp(draft: Draft): void {
  const { config, instance, defaultName, labels, settings, rules, refusals, byDefaultRule } = draft;
  const services = config["http/services"];
  fillServices(services, draft, (name, service) => withServer(name, service, draft));

  for (const [name, middleware] of config["http/middlewares"]) {
    const finding = rules.judgeMiddleware(name, middleware, draft);
    if (finding !== undefined) refusals.push(finding);
  }

  const routers = config["http/routers"];
  if (routers.size === 0 && services.size === 1) routers.set(defaultName, configObject());
  linkRouters(routers, draft, (name, router) => {
    const rule = router["rule"];
    if (rule === undefined || rule === "") byDefaultRule.add(name);
    return linkRouter("http", name, router, [...services.keys()], () =>
      settings.traefik.defaultRule(ruleDataOf(instance, labels)),
    );
  });
}
