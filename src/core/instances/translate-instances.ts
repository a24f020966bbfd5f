import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic, DiagnosticCode } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import type { CoreSettings } from "../settings.ts";
import type { Pass, StageResult } from "../stage.ts";
import type { Translated, TranslatedServices } from "./instance-state.ts";
import { translateServices, translateTogether } from "./translated-services.ts";

/** What one pass hands to the next. */
export interface TranslationMemory {
  /** All that was in the catalog; empty before the first pass. */
  readonly services: TranslatedServices;
  /** What the services were made of: with the same settings object, services that have not changed are not looked up again. */
  readonly latest: { readonly settings: CoreSettings; readonly instances: readonly ServiceInstance[] } | undefined;
}

/** The stage that translates each instance by its own tags, by service. A service that has not changed is the same list. */
export function* translateInstances(
  { settings, operatorConfig, isSingleCatalog }: Pass,
  instances: readonly ServiceInstance[],
  { services: before, latest }: TranslationMemory,
): Steps<StageResult<TranslatedServices, TranslationMemory>> {
  const services = isSingleCatalog
    ? translateServices(instances, settings, latest?.settings === settings ? before : undefined)
    : translateTogether(instances, settings, operatorConfig);
  yield;
  return {
    value: services,
    carry: { services, latest: { settings, instances } },
    diagnostics: [...services.values()].flatMap(diagnosticsOf),
    dueAtMs: [],
  };
}

/** What is wrong with the instances of one service. What all of them are told alike without being refused is told once. */
const diagnosticsOf = memoize((own: readonly Translated[]): readonly Diagnostic[] => {
  const isEnabled = own.some(({ state }) => state.kind !== "hidden");
  const hinted = new Set<string>();
  const isNew = ({ code, message }: Diagnostic) => {
    if (!ONCE_A_SERVICE.includes(code)) return true;
    if (code === "SERVICE_NOT_ENABLED" && isEnabled) return false;
    const hint = code === "SERVICE_NOT_ENABLED" ? code : `${code} ${message}`;
    const isFirst = !hinted.has(hint);
    hinted.add(hint);
    return isFirst;
  };
  return own.flatMap(({ state }) => ("diagnostics" in state ? (state.diagnostics ?? []) : [])).filter(isNew);
});

const ONCE_A_SERVICE: readonly DiagnosticCode[] = [
  "RULE_OLD_SYNTAX",
  "TAG_IGNORED",
  "VALUE_UNEXPANDED",
  "SERVICE_NOT_ENABLED",
];
