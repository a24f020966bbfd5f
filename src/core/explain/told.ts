import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { subjectOf } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";

/** The diagnostics of a pass by whom they are about: made once for each pass, asked for each answer. */
const byPlace = memoize((diagnostics: readonly Diagnostic[]) =>
  Map.groupBy(diagnostics, ({ subject: { catalog, service, instance, node } }) =>
    placeOf(catalog, service, instance, node),
  ),
);

/** All that a pass reported about an instance. */
export function toldOf(instance: ServiceInstance, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const { catalog, service, instance: id, node } = subjectOf(instance);
  return byPlace(diagnostics).get(placeOf(catalog, service, id, node)) ?? [];
}

function placeOf(catalog: string | undefined, service: string, instance: string, node: string): string {
  return JSON.stringify([catalog ?? "", service, instance, node]);
}
