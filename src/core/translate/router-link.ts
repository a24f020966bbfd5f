import { type ConfigObject, configObject } from "../traefik/dynamic-config.ts";
import type { Finding } from "./finding.ts";

export type LinkedRouter =
  | { readonly kind: "linked"; readonly router: ConfigObject }
  | { readonly kind: "refused"; readonly finding: Finding };

/**
 * Completes a router: the default rule where it has none, the instance's only service where it names none. With several
 * services to choose from Traefik drops the router, and so do we.
 */
export function linkRouter(
  name: string,
  router: ConfigObject,
  services: readonly string[],
  defaultRule: () => string,
): LinkedRouter {
  const written = router["rule"];
  const rule = written === undefined || written === "" ? defaultRule() : written;
  if (rule === "") {
    return {
      kind: "refused",
      finding: {
        code: "ROUTER_NO_RULE",
        message: `router ${JSON.stringify(name)} has no rule, and the default rule gives none`,
        remedy: `add a tag traefik.http.routers.${name}.rule=…, or set traefik.defaultRule`,
      },
    };
  }
  const named = router["service"];
  const [only, ...others] = services;
  if ((named === undefined || named === "") && (only === undefined || others.length > 0)) {
    return {
      kind: "refused",
      finding: {
        code: "ROUTER_AMBIGUOUS_SERVICE",
        message: `router ${JSON.stringify(name)} names no service, and the instance defines ${services.length}: ${services.join(", ")}`,
        remedy: `add a tag traefik.http.routers.${name}.service=…`,
      },
    };
  }
  const service = named === undefined || named === "" ? (only ?? "") : named;
  return {
    kind: "linked",
    router: configObject([...Object.entries(router), ["rule", rule], ["service", service]]),
  };
}
