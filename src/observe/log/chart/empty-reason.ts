import type { InstanceState, TranslatedServices } from "../../../core/instances/instance-state.ts";

const WORDS: Readonly<Record<InstanceState["kind"], string>> = {
  routed: "every router that services ask for is left out; the diagnostics say why",
  standby: "every router that services ask for is left out; the diagnostics say why",
  unhealthy: "no service that asks for a route is healthy",
  refused: "every service that asks for a route is quarantined; the diagnostics say why",
  hidden: "no service carries the tag that exposes it",
};

/** Why a chart has no routes, by the state of the instances that the catalogs show. */
export function emptyReason(services: TranslatedServices): string {
  const kinds = new Set([...services.values()].flat().map(({ state }) => state.kind));
  const best = (["routed", "unhealthy", "refused"] as const).find((kind) => kinds.has(kind)) ?? "hidden";
  return WORDS[best];
}
