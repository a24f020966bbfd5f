import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import { type ConfigObject, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import type { OperatorConfig } from "./operator-config.ts";

/** Does a tag mean the same by the operator's name, down to the servers? Then there is nothing to report. */
export function meansSame({ config }: OperatorConfig, key: ResourceKey, object: ConfigObject): boolean {
  const { section, name } = splitKey(key);
  const own = config[section].get(name);
  return own !== undefined && meaningOf(own) === meaningOf(object);
}

const meaningOf = memoize((object: ConfigObject) => canonicalJson(object));

/** Reports for an instance that the operator has the name, and where; one may be kept for a file that does not define it yet. */
export function nameOfOperator(
  instance: ServiceInstance,
  key: ResourceKey,
  { config, origins }: OperatorConfig,
): Diagnostic {
  const { section, name } = splitKey(key);
  const origin = origins.get(key);
  return diagnose(instance, {
    code: "NAME_TAKEN",
    leavesOut: key,
    message: config[section].has(name)
      ? `${key} is defined in ${origin}, and differently`
      : `${key} is the operator's, by ${origin}`,
    remedy: `choose another name, or refer to the one that is there without defining it${config[section].has(name) ? "; where the service is to take over from the file: portolan explain --legacy" : ""}`,
  });
}
