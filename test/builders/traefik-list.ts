import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { withDefaults } from "../../src/core/traefik/chart/defaults.ts";
import { type ConfigObject, configObject, resourceKey } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { TraefikEntryPoint } from "../../src/core/traefik-result/running-traefik.ts";
import {
  LISTED_SECTIONS,
  type ListedSection,
  type TraefikResource,
} from "../../src/core/traefik-result/traefik-resource.ts";
import { pass as decide, type pass, settings } from "./world.ts";

export const WEB: TraefikEntryPoint = { name: "web", address: ":80", isDefault: false };

type Options = NonNullable<Parameters<typeof pass>[1]>;

/**
 * What a Traefik lists whose own provider for Consul reads this catalog: with defaults, the provider behind the names of
 * middlewares, and at the entry point `web` what names none.
 */
export function listedByTraefik(
  instances: readonly ServiceInstance[],
  options: Options = {},
): readonly TraefikResource[] {
  const { chart } = decide(instances, {
    ...options,
    settings: { ...(options.settings ?? settings()), compat: "traefik" },
  });
  return LISTED_SECTIONS.flatMap((section) =>
    [...chart[section]].map(([name, object]) =>
      listed(section, name, withDefaults(section, asListed(section, object))),
    ),
  );
}

export function listed(section: ListedSection, name: string, definition: ConfigObject): TraefikResource {
  const key = resourceKey(section, name);
  return { key, section, provider: "consulcatalog", status: "enabled", errors: [], definition };
}

function asListed(section: ListedSection, object: ConfigObject): ConfigObject {
  if (section !== "http/routers" && section !== "tcp/routers") return object;
  const { middlewares, entryPoints } = object;
  return configObject([
    ...Object.entries(object),
    ["entryPoints", Array.isArray(entryPoints) && entryPoints.length > 0 ? entryPoints : ["web"]],
    ...(Array.isArray(middlewares)
      ? [
          [
            "middlewares",
            middlewares.map((one) => (String(one).includes("@") ? one : `${String(one)}@consulcatalog`)),
          ] as const,
        ]
      : []),
  ]);
}
