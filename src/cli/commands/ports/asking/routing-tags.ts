import type { Settings } from "../../../../config/files/schema.ts";
import { CATALOG_SECTIONS } from "../../../../config/resolve/choose-catalog.ts";
import { coreSettings } from "../../../../config/resolve/core-settings.ts";
import type { OperatorConfig } from "../../../../core/operator-config/operator-config.ts";
import { limitsNow } from "../../../../core/policy/own-rule.ts";
import { normalize } from "../../../../core/traefik/normalize.ts";
import { judged } from "../../check/instances/judge-instances.ts";
import { type Judge, registered } from "../../check/instances/stand-in.ts";

/** Tags that give a service on a dynamic port its page, as the settings and the policy stand. */
export interface RoutingTags {
  readonly tags: readonly string[];
  /** The rule of the router that they make; undefined where none was found that is routed. */
  readonly rule: string | undefined;
}

/** Most combinations that are tried. */
const MOST_TRIED = 200;

/**
 * The fewest tags by which a new service of this name would be routed: alone, with a host or an entry point that the policy
 * lets it have, with the middlewares that stand before such services. Judged as `check tags` would.
 */
export function routingTags(service: string, settings: Settings, operatorConfig: OperatorConfig): RoutingTags {
  const { prefix, entryPoints = [] } = settings.traefik;
  const judge = judgeOf(settings);
  const limits = limitsNow(registered(judge, { service }), coreSettings(settings).policy);
  const name = normalize(service);
  const router = `${prefix}.http.routers.${name}`;
  const enable = `${prefix}.enable=true`;
  const hosts = (limits.hosts ?? [])
    .filter((host) => host !== "*")
    .map((host) => host.replace(/^\*/, name.toLowerCase()));
  const paths = (limits.paths ?? []).map((path) => ` && PathPrefix(\`${path}\`)`);
  const rules = hosts.flatMap((host) =>
    (paths.length === 0 ? [""] : paths).map((path) => `${router}.rule=Host(\`${host}\`)${path}`),
  );
  const at = [...new Set([...(limits.entryPoints ?? []), ...entryPoints])].map((one) => `${router}.entrypoints=${one}`);
  const demanded = limits.middlewares?.require ?? [];
  const behind = [demanded.join(","), ...(limits.middlewares?.use ?? [])]
    .filter((names) => names !== "")
    .map((names) => `${router}.middlewares=${names}`);
  const none: readonly (string | undefined)[] = [undefined];
  let tried = 0;
  for (const middleware of [...none, ...behind]) {
    for (const rule of [...none, ...rules]) {
      for (const entryPoint of [...none, ...at]) {
        if (tried++ >= MOST_TRIED) return { tags: [enable], rule: undefined };
        const tags = [enable, rule, entryPoint, middleware].filter((tag) => tag !== undefined);
        const { chart, diagnostics } = judged([registered(judge, { service, tags })], { settings, operatorConfig });
        const made = chart["http/routers"].get(name)?.["rule"];
        if (typeof made === "string" && diagnostics.length === 0) return { tags, rule: made };
      }
    }
  }
  return { tags: [enable], rule: undefined };
}

/** By the first catalog of the settings. */
function judgeOf(settings: Settings): Judge {
  const [first] = settings.catalogs ?? [];
  const catalog = CATALOG_SECTIONS.find((section) => first?.[section] !== undefined) ?? CATALOG_SECTIONS[0];
  return { settings, catalog, ...(first === undefined ? {} : { catalogName: first.name }) };
}
