import type { GroupedInstances } from "../catalog/grouped-instances.ts";
import type { Diagnostic, DiagnosticCode } from "../diagnostics/diagnostics.ts";
import { gathering } from "../incremental/gathering.ts";
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
  readonly latest: { readonly settings: CoreSettings; readonly grouped: GroupedInstances } | undefined;
}

/** The stage that translates each instance by its own tags, by service. A service that has not changed is the same list. */
export function* translateInstances(
  { settings, operatorConfig, isSingleCatalog }: Pass,
  grouped: GroupedInstances,
  { services: before, latest }: TranslationMemory,
): Steps<StageResult<TranslatedServices, TranslationMemory>> {
  const known = latest?.settings === settings ? { services: before, grouped: latest.grouped } : undefined;
  const services = isSingleCatalog
    ? translateServices(grouped, settings, known)
    : translateTogether(grouped.instances, settings, operatorConfig);
  yield;
  return {
    value: services,
    carry: { services, latest: { settings, grouped } },
    diagnostics: diagnosticsOf(services),
    dueAtMs: [],
  };
}

/** What is wrong with the instances of one service. What all of them are told alike without being refused is told once. */
const diagnosticsOf = gathering((own: readonly Translated[]): readonly Diagnostic[] => {
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
