import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import type { Owner } from "../merge/owner.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { type ResourceKey, resourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import type { ResultContext } from "./result-context.ts";

/** Names the service that asked for what a finding is about: one of its instances that defines it; or the operator's file. */
export function aboutResource(
  key: ResourceKey,
  finding: Finding,
  { owners, services, operatorNames, output }: Pick<ResultContext, "owners" | "services" | "operatorNames" | "output">,
): Diagnostic {
  const { section, name } = splitKey(key);
  const instances = services.get(ownerOf(key, owners)?.service ?? "") ?? [];
  const definer =
    instances.find(({ state }) => state.kind === "routed" && state.fragment.config[section].has(name)) ?? instances[0];
  if (definer === undefined) return aboutFile(operatorNames.get(key) ?? output, finding);
  return diagnose(definer.instance, finding);
}

/** Did a service ask for it, by tags that its owner can change? */
export function isAskedFor(
  key: ResourceKey,
  { owners, services }: Pick<ResultContext, "owners" | "services">,
): boolean {
  return (services.get(ownerOf(key, owners)?.service ?? "")?.length ?? 0) > 0;
}

/** What is charted for canaries and for the others of a service belongs to whom the service does. */
function ownerOf(key: ResourceKey, owners: ResultContext["owners"]): Owner | undefined {
  const { section, name } = splitKey(key);
  return owners.get(key) ?? owners.get(resourceKey(section, name.replace(/\.(?:stable|canary)$/, "")));
}
