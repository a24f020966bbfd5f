import type { Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import type { RenderedRule } from "../settings.ts";
import { type ConfigObject, configObject, type Protocol } from "../traefik/chart/dynamic-config.ts";

export type LinkedRouter =
  | { readonly kind: "linked"; readonly router: ConfigObject }
  | { readonly kind: "refused"; readonly finding: Finding };

/**
 * Completes a router: the default rule where it has none, the instance's only service where it names none. With several
 * services to choose from Traefik drops the router, and so do we.
 */
export function linkRouter(
  protocol: Protocol,
  name: string,
  router: ConfigObject,
  services: readonly string[],
  defaultRule: () => RenderedRule,
): LinkedRouter {
  const written = router["rule"];
  const rendered = written === undefined || written === "" ? defaultRule() : undefined;
  if (rendered?.kind === "failed") {
    return {
      kind: "refused",
      finding: {
        code: "RULE_TEMPLATE_FAILED",
        message: `router ${JSON.stringify(name)} has no rule, and the default rule fails for this service: ${rendered.message}`,
        remedy: `add a tag ${nameInText(`traefik.${protocol}.routers.${name}.rule=…`)}, or mend traefik.defaultRule`,
      },
    };
  }
  const rule = rendered === undefined ? written : rendered.rule;
  if (rule === undefined || rule === "") {
    return {
      kind: "refused",
      finding: {
        code: "ROUTER_NO_RULE",
        message: `router ${JSON.stringify(name)} has no rule, and ${protocol === "http" ? "the default rule gives none" : `a ${protocol} router gets none by default`}`,
        remedy: `add a tag ${nameInText(`traefik.${protocol}.routers.${name}.rule=…`)}${protocol === "http" ? ", or set traefik.defaultRule" : ""}`,
      },
    };
  }
  const linked = linkService(protocol, name, router, services);
  if (linked.kind === "refused") return linked;
  return { kind: "linked", router: configObject([...Object.entries(linked.router), ["rule", rule]]) };
}

/** Completes a router's service: the instance's only one where it names none. */
export function linkService(
  protocol: Protocol,
  name: string,
  router: ConfigObject,
  services: readonly string[],
): LinkedRouter {
  const named = router["service"];
  const [only, ...others] = services;
  if ((named === undefined || named === "") && (only === undefined || others.length > 0)) {
    return {
      kind: "refused",
      finding: {
        code: "ROUTER_AMBIGUOUS_SERVICE",
        message: `router ${JSON.stringify(name)} names no service, and the instance defines ${services.length}: ${services.join(", ")}`,
        remedy: `add a tag ${nameInText(`traefik.${protocol}.routers.${name}.service=…`)}`,
      },
    };
  }
  const service = named === undefined || named === "" ? (only ?? "") : named;
  return {
    kind: "linked",
    router: configObject([...Object.entries(router), ["service", service]]),
  };
}
