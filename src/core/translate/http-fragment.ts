import { configObject, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { withServer } from "./backend.ts";
import { fillServices, linkRouters } from "./complete.ts";
import { type Draft, refusePart } from "./draft.ts";
import { linkRouter } from "./router-link.ts";
import { ruleDataOf } from "./rule-data.ts";

/**
 * HTTP: without a service one is made; each service gets this instance as its server; without a router one is made if
 * there is exactly one service; a router without a rule gets the default rule, one without a service the only one there is.
 */
export function completeHttp(draft: Draft): void {
  const { config, instance, defaultName, labels, settings, rules, byDefaultRule } = draft;
  const services = fillHttp(draft);

  const middlewares = config["http/middlewares"];
  for (const [name, object] of middlewares) {
    const cause = rules.judgeMiddleware(name, object, draft);
    if (cause === undefined) continue;
    middlewares.delete(name);
    refusePart(draft, resourceKey("http/middlewares", name), { cause, object });
  }

  const routers = config["http/routers"];
  if (routers.size === 0 && services.length === 1) routers.set(defaultName, configObject());
  linkRouters(routers, draft, (name, router) => {
    const rule = router["rule"];
    if (rule === undefined || rule === "") byDefaultRule.add(name);
    return linkRouter("http", name, router, services, () => settings.traefik.defaultRule(ruleDataOf(instance, labels)));
  });
}

/** Gives each service this instance as its server; returns their names. */
export function fillHttp(draft: Draft): readonly string[] {
  return fillServices("http/services", draft, (name, service) => withServer(name, service, draft));
}
