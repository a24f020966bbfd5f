import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import type { Pass } from "../stage.ts";
import { namesNeededForCanaries, withoutCanaries } from "../traefik/chart/canary-split.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";

/**
 * Leaves the canaries of a service without requests whose share needs a name that the operator has defined, here or in a file
 * beside the chart: of two definitions of `NAME.canary` Traefik would take one.
 */
export function withoutTakenShares(
  config: DynamicConfig,
  { operatorConfig, neighbours }: Pick<Pass, "operatorConfig" | "neighbours">,
): { readonly config: DynamicConfig; readonly diagnostics: readonly Diagnostic[] } {
  const needed = namesNeededForCanaries(config);
  if (needed.length === 0) return { config, diagnostics: [] };
  const patch = patchConfig(config);
  const diagnostics: Diagnostic[] = [];
  for (const { section, name, parts } of needed) {
    for (const part of parts) {
      const key = resourceKey(section, part);
      const origin = operatorConfig.origins.get(key) ?? ownFile(neighbours, key);
      const service = config[section].get(name);
      if (origin === undefined || service === undefined) continue;
      patch.put(section, name, withoutCanaries(service));
      diagnostics.push(
        aboutFile(origin, {
          code: "NAME_TAKEN",
          message: `${key} is needed for the share of the canaries of service ${name}, and defined here: they get no requests`,
          remedy: `give the service ${nameInText(part)} in ${nameInText(origin)} another name`,
        }),
      );
    }
  }
  return { config: patch.result(), diagnostics };
}

function ownFile({ names }: Pass["neighbours"], key: ResourceKey): string | undefined {
  const neighbour = names.get(key);
  return neighbour?.whose === "operator" ? neighbour.file : undefined;
}
