import type { CoreSettings } from "../settings.ts";
import type { ServiceInstance } from "../snapshot.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  type HttpConfig,
  type HttpSection,
  isConfigObject,
} from "../traefik/dynamic-config.ts";
import { findEmptyObject } from "../traefik/empty-object.ts";
import type { Label } from "../traefik/labels.ts";
import { normalize } from "../traefik/normalize.ts";
import { rewriteReferences } from "../traefik/references.ts";
import { judgeForwardAuth, withServer } from "./backend.ts";
import type { Finding } from "./finding.ts";
import { linkRouter } from "./router-link.ts";

/** What one instance contributes, or why it contributes nothing. Findings beside a fragment cost a router, not the instance. */
export type BuiltFragment =
  | { readonly kind: "built"; readonly fragment: HttpConfig; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/**
 * Completes what the tags of one instance said, by the rules of Traefik's consulCatalog provider: without a service one
 * is made under the normalized name of the catalog's service; each service gets this instance as its server; without a
 * router one is made if there is at most one service; a router without a rule gets the default rule, one without a
 * service the only service there is.
 */
export function buildFragment(
  instance: ServiceInstance,
  decoded: ConfigObject,
  labels: ReadonlyMap<string, Label>,
  settings: CoreSettings,
): BuiltFragment {
  const http = decoded["http"];
  const defaultName = normalize(instance.service);
  const findings: Finding[] = [];

  const services = sectionOf(http, "services");
  if (services.size === 0) services.set(defaultName, configObject([["loadBalancer", configObject()]]));
  for (const [name, service] of services) {
    const filled = withServer(name, service, instance, settings);
    if (filled.kind === "refused") findings.push(filled.finding);
    else {
      services.set(name, rewriteReferences("services", filled.service));
      findings.push(...refuseEmpty("services", name, filled.service));
    }
  }

  const middlewares = sectionOf(http, "middlewares");
  for (const [name, middleware] of middlewares) {
    const finding = judgeForwardAuth(name, middleware, instance, settings);
    if (finding !== undefined) findings.push(finding);
    findings.push(...refuseEmpty("middlewares", name, middleware));
    middlewares.set(name, rewriteReferences("middlewares", middleware));
  }
  if (findings.length > 0) return { kind: "refused", findings };

  const defined = sectionOf(http, "routers");
  if (defined.size === 0 && services.size === 1) defined.set(defaultName, configObject());
  const routers = new Map<string, ConfigObject>();
  for (const [name, router] of defined) {
    const linked = linkRouter(name, router, [...services.keys()], () =>
      settings.traefik.defaultRule(instance.service, labels),
    );
    if (linked.kind === "refused") findings.push(linked.finding);
    else routers.set(name, rewriteReferences("routers", linked.router));
  }
  const empty = [...routers].flatMap(([name, router]) => refuseEmpty("routers", name, router));
  if (empty.length > 0) return { kind: "refused", findings: empty };
  return { kind: "built", fragment: { routers, services, middlewares }, findings };
}

function refuseEmpty(section: HttpSection, name: string, object: ConfigObject): Finding[] {
  const path = findEmptyObject(section, object);
  if (path === undefined) return [];
  return [
    {
      code: "TAG_BAD_VALUE",
      message: `${section}/${name} has no field that counts${path === "" ? "" : ` below ${path}`}, and Traefik refuses a file for an empty object`,
      remedy: "give it a field with a value, or remove its tags",
    },
  ];
}

function sectionOf(http: ConfigValue | undefined, section: string): Map<string, ConfigObject> {
  const entries = new Map<string, ConfigObject>();
  const value = isConfigObject(http) ? http[section] : undefined;
  if (!isConfigObject(value)) return entries;
  for (const [name, entry] of Object.entries(value)) if (isConfigObject(entry)) entries.set(name, entry);
  return entries;
}
