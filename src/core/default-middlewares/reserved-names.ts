import { memoize } from "../incremental/memoize.ts";
import type { Neighbours } from "../neighbours/neighbours.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings, DefaultMiddlewares } from "../settings.ts";
import { type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { namesIn } from "./defaults-at.ts";

/** Where messages say that default middlewares come from. */
export const DEFAULTS_ORIGIN = "the settings (defaultMiddlewares)";

/**
 * What the operator defines, and the names of the default middlewares besides: no tag may define one, also while the file that
 * should does not, or a service would stand in for the operator's authentication. Names that files beside the chart define
 * are the operator's by that.
 */
export function withReservedNames(
  operatorConfig: OperatorConfig,
  { traefik }: Pick<CoreSettings, "traefik">,
  neighbours: Neighbours,
): OperatorConfig {
  const { defaultMiddlewares } = traefik;
  return namesIn(defaultMiddlewares).size === 0
    ? operatorConfig
    : reserved(operatorConfig)(defaultMiddlewares)(neighbours);
}

const reserved = memoize((operatorConfig: OperatorConfig) =>
  memoize((defaults: DefaultMiddlewares) =>
    memoize(({ names }: Neighbours): OperatorConfig => {
      const missing = keysInChart(defaults).filter(
        (key) => !operatorConfig.origins.has(key) && names.get(key)?.whose !== "operator",
      );
      if (missing.length === 0) return operatorConfig;
      const origins = new Map(operatorConfig.origins);
      for (const key of missing) origins.set(key, DEFAULTS_ORIGIN);
      return { ...operatorConfig, origins };
    }),
  ),
);

/** The middlewares that default ones mean in this chart, if it has them: those without a provider, and with `@file`. */
function keysInChart(defaults: DefaultMiddlewares): readonly ResourceKey[] {
  return [...namesIn(defaults)]
    .map((name) => name.replace(/@file$/, ""))
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
