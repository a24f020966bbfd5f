import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Pass, StageResult } from "../stage.ts";
import { catalogTargets } from "./catalog-targets.ts";

/** The stage that reports instances whose metrics are not scraped although their tags ask for it. No route depends on it. */
export function* reportTargets(
  { settings }: Pass,
  instances: readonly ServiceInstance[],
  _: undefined,
): Steps<StageResult<undefined, undefined>> {
  yield;
  const { diagnostics } = catalogTargets(instances, settings);
  return { value: undefined, carry: undefined, diagnostics, dueAtMs: [] };
}
