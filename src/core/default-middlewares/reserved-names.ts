import { memoize } from "../incremental/memoize.ts";
import type { Neighbours } from "../neighbours/neighbours.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import { plainName, requiredIn } from "../policy/required-middlewares.ts";
import type { CoreSettings, DefaultMiddlewares, Policy } from "../settings.ts";
import { type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { namesIn } from "./defaults-at.ts";

/** Where messages say that default middlewares come from. */
export const DEFAULTS_ORIGIN = "the settings (defaultMiddlewares)";
/** Where they say that the name of a middleware comes from which the policy demands. */
export const REQUIRED_ORIGIN = "the policy (middlewares.require)";

/**
 * What the operator defines, and besides it the names of the middlewares that stand before all routers or must be named by
 * some: no tag may define one, also while the file that should does not, or a service would stand in for the operator's
 * authentication. Names that files beside the chart define are the operator's by that.
 */
export function withReservedNames(
  operatorConfig: OperatorConfig,
  { compat, traefik, policy = NO_POLICY }: Pick<CoreSettings, "compat" | "traefik" | "policy">,
  neighbours: Neighbours,
): OperatorConfig {
  const names = reservedNames(traefik.defaultMiddlewares)(compat === "traefik" ? NO_POLICY : policy);
  return names.size === 0 ? operatorConfig : reserved(operatorConfig)(names)(neighbours);
}

const NO_POLICY: Policy = { networks: [], rules: [] };

/** The middlewares of this chart that must be the operator's, with where messages say that they come from. */
const reservedNames = memoize((defaults: DefaultMiddlewares) =>
  memoize((policy: Policy): ReadonlyMap<ResourceKey, string> => {
    const names = new Map<ResourceKey, string>();
    for (const key of keysInChart(requiredIn(policy))) names.set(key, REQUIRED_ORIGIN);
    for (const key of keysInChart(namesIn(defaults))) names.set(key, DEFAULTS_ORIGIN);
    return names;
  }),
);

const reserved = memoize((operatorConfig: OperatorConfig) =>
  memoize((reservedNames: ReadonlyMap<ResourceKey, string>) =>
    memoize(({ names }: Neighbours): OperatorConfig => {
      const missing = [...reservedNames].filter(
        ([key]) => !operatorConfig.origins.has(key) && names.get(key)?.whose !== "operator",
      );
      if (missing.length === 0) return operatorConfig;
      return { ...operatorConfig, origins: new Map([...operatorConfig.origins, ...missing]) };
    }),
  ),
);

/** What middlewares by these names mean in this chart, if it has them: those without a provider, and with `@file`. */
function keysInChart(names: ReadonlySet<string>): readonly ResourceKey[] {
  return [...names]
    .map(plainName)
    .filter((name) => !name.includes("@"))
    .map((name) => resourceKey("http/middlewares", name));
}

/** Of the default middlewares without a provider, those that nothing of the operator's defines. */
export function undefinedDefaults(
  defaults: DefaultMiddlewares,
  ...operatorConfigs: readonly Pick<OperatorConfig, "config">[]
): readonly string[] {
  const isDefined = (name: string) => operatorConfigs.some(({ config }) => config["http/middlewares"].has(name));
  return [...namesIn(defaults)].filter((name) => !name.includes("@") && !isDefined(name));
}
