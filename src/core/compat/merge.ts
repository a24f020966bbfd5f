import { compareBytes } from "../../go/byte-order.ts";
import { utf8Length } from "../../go/utf8.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import { ofCatalog, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { Translated } from "../instances/instance-state.ts";
import type { Origin } from "../merge/owner.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import { withDefaults } from "../traefik/chart/defaults.ts";
import {
  type ConfigObject,
  type ConfigValue,
  type DynamicConfig,
  kindOf,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  type TraefikVersion,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import { normalize } from "../traefik/normalize.ts";
import type { Fragment } from "../translate/draft.ts";

export interface MergedLikeTraefik {
  readonly config: DynamicConfig;
  readonly origin: Origin;
  readonly diagnostics: readonly Diagnostic[];
}

interface Item {
  readonly instance: ServiceInstance;
  readonly fragment: Fragment;
}

/**
 * Unites all instances as Traefik does: in the byte order of their item keys, by name, across services and nodes. Services
 * that agree in everything but their servers share them; whatever else is defined twice and differently is deleted.
 */
export function mergeLikeTraefik(translated: readonly Translated[], version: TraefikVersion): MergedLikeTraefik {
  const items = new Map<string, Item>();
  for (const { instance, state } of translated) {
    // Two instances with the same key overwrite each other.
    if (state.kind === "routed") {
      items.set(ofCatalog(instance, itemKey(instance, version)), { instance, fragment: state.fragment });
    }
  }
  const config = newConfig();
  const origins = new Map<string, ServiceInstance>();
  const shapes = new Map<ResourceKey, string>();
  const conflicts = new Map<ResourceKey, ServiceInstance>();
  for (const [, { instance, fragment }] of [...items].sort(([a], [b]) => compareBytes(a, b))) {
    for (const section of SECTIONS) {
      for (const [name, object] of fragment.config[section]) {
        const key = resourceKey(section, name);
        const shape = shapeLikeTraefik(section, name, object, fragment);
        const known = config[section].get(name);
        if (known === undefined) config[section].set(name, object);
        else if (shapes.get(key) !== shape) conflicts.set(key, instance);
        else if (kindOf(section) === "services") config[section].set(name, withServersOf(known, object));
        if (known === undefined) shapes.set(key, shape);
        for (const server of serversOf(object)) {
          const origin = `${key} ${endpointOf(server)}`;
          if (!origins.has(origin)) origins.set(origin, instance);
        }
      }
    }
  }
  const diagnostics: Diagnostic[] = [];
  for (const [key, instance] of conflicts) {
    for (const section of SECTIONS)
      if (key.startsWith(`${section}/`)) config[section].delete(key.slice(section.length + 1));
    diagnostics.push(
      diagnose(instance, {
        code: "NAME_CONFLICT",
        leavesOut: key,
        message: `${key} is defined several times, and differently; Traefik's provider drops it altogether, and so does compat: traefik`,
        remedy: "give every instance and service that defines it equal tags, choose other names, or set compat: none",
      }),
    );
  }
  return { config, origin: (service, endpoint) => origins.get(`${service} ${endpoint}`), diagnostics };
}

/** Up to 3.7.12 the normalized triple, which can coincide; since 3.7.13 with the lengths of its parts in bytes. */
function itemKey({ node, nodeId, catalog, service, id }: ServiceInstance, version: TraefikVersion): string {
  const parts = [PRODUCT_RULES[catalog].namesNodes ? node : nodeId || node, service, id];
  if (version === "3.6") return normalize(parts.join("-"));
  return [...parts, ...parts.map((part) => utf8Length(part))].join("-");
}

/** What Traefik compares: of a service its load balancer without the servers; else everything, the default rule's mark too. */
function shapeLikeTraefik(section: Section, name: string, object: ConfigObject, fragment: Fragment): string {
  const completed = withDefaults(section, object);
  if (kindOf(section) !== "services") {
    const mark = section === "http/routers" && fragment.byDefaultRule.has(name) ? "default rule " : "";
    return mark + canonicalJson(completed);
  }
  return canonicalJson(withServers(completed, [])["loadBalancer"] ?? "");
}

function withServersOf(known: ConfigObject, other: ConfigObject): ConfigObject {
  const servers = new Map<string, ConfigValue>();
  for (const server of [...serversOf(known), ...serversOf(other)]) {
    if (!servers.has(endpointOf(server))) servers.set(endpointOf(server), server);
  }
  return withServers(known, servers.values());
}
