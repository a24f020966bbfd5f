import { type CatalogSnapshot, isBelieved, type ServiceInstance } from "../../../core/catalog/snapshot.ts";
import type { Diagnostic, DiagnosticSubject } from "../../../core/diagnostics/diagnostics.ts";
import { subjectOf } from "../../../core/diagnostics/finding.ts";
import type { ChartedPass } from "../../charted-pass.ts";

/**
 * What became of a diagnostic that a pass does not report any more:
 *
 * | end | when |
 * |---|---|
 * | `settled` | what it said is no longer so |
 * | `gone` | its instance is no longer in the catalog |
 * | `told otherwise` | the same is still wrong and is told with another value or in other words |
 * | `open` | it cannot be known, or there are more diagnostics than are reported: it may be so still |
 */
export type DiagnosticEnd = "settled" | "gone" | "told otherwise" | "open";

/**
 * Decides for one pass. Nothing is settled that was not looked at: a catalog that does not show all it has, an instance
 * whose tags do not count while it is unhealthy, or whose registration is refused as a whole, a router that is left out for
 * something else.
 *
 * @param missing those that are asked about: there are few, and tens of thousands of instances
 */
export function createSettled(
  { decision, snapshots }: Pick<ChartedPass, "decision" | "snapshots">,
  missing: readonly Diagnostic[],
): (diagnostic: Diagnostic) => DiagnosticEnd {
  const { diagnostics, memory } = decision;
  const reported = new Set(diagnostics.map(diagnosticKey));
  const wrong = new Set(diagnostics.flatMap((one) => [aboutInstance(one), aboutService(one)]));
  const leftOut = new Set(diagnostics.map(({ leavesOut, subject }) => leavesOut && textOfAll(leavesOut.name, subject)));
  const placesWith = (wanted: Diagnostic["code"]) =>
    new Set(diagnostics.filter(({ code }) => code === wanted).map(({ subject }) => placeOf(subject)));
  const cut = placesWith("FINDINGS_CUT");
  const superseded = placesWith("DEFINITION_SUPERSEDED");
  const services = new Set(missing.map(({ subject }) => subject.service));
  const isAskedAbout = (instance: ServiceInstance) => services.has(subjectOf(instance).service);
  const translated = [...memory.translation.services.values()].flat().filter(({ instance }) => isAskedAbout(instance));
  const states = new Map(translated.map(({ instance, state }) => [placeOf(subjectOf(instance)), state]));
  const shown = snapshots.flatMap(({ instances }) => instances.filter(isAskedAbout));
  const listed = new Set(shown.map((instance) => placeOf(subjectOf(instance))));

  /** Was all looked at that the diagnostic is about? */
  function isJudged({ subject, leavesOut }: Diagnostic): boolean {
    const place = placeOf(subject);
    const state = states.get(place);
    // An instance that is not exposed need have no sound tags.
    if (state?.kind === "hidden") return true;
    if (state?.kind !== "routed" || cut.has(place)) return false;
    if (leavesOut === undefined) return true;
    // What a newer instance defines counts, and is right; what this one says may be wrong still.
    if (superseded.has(place)) return false;
    const ownFaults: ReadonlyMap<string, unknown> = state.fragment.leftOut;
    return !ownFaults.has(leavesOut.name) && !leftOut.has(textOfAll(leavesOut.name, subject));
  }

  function isStillWrong(diagnostic: Diagnostic): boolean {
    const service = aboutService(diagnostic);
    return wrong.has(aboutInstance(diagnostic)) || (service !== undefined && wrong.has(service));
  }

  return (diagnostic) => {
    const { subject } = diagnostic;
    if (reported.has(diagnosticKey(diagnostic))) return "open";
    if (isStillWrong(diagnostic)) return "told otherwise";
    if (subject.origin !== undefined) return "settled";
    if (!isSeen(snapshots, subject)) return "open";
    if (!listed.has(placeOf(subject))) return "gone";
    return isJudged(diagnostic) ? "settled" : "open";
  };
}

function isSeen(snapshots: readonly CatalogSnapshot[], { catalog }: DiagnosticSubject): boolean {
  const snapshot = snapshots.find(({ catalogName }) => catalogName === catalog);
  return snapshot === undefined || isBelieved(snapshot);
}

/** The instance, whatever is said of it. */
function placeOf({ catalog, service, node, instance }: DiagnosticSubject): string {
  return JSON.stringify([catalog, service, node, instance]);
}

function textOfAll(text: string, subject: DiagnosticSubject): string {
  return JSON.stringify([text, placeOf(subject)]);
}

/** Two diagnostics with the same key are the same one, found again. */
export function diagnosticKey({ code, subject, message }: Diagnostic): string {
  return JSON.stringify([code, subject.origin, placeOf(subject), subject.tag, message]);
}

/** What a diagnostic is about, whatever the value and the words: two about the same are one that has changed. */
function aboutInstance({ code, subject, leavesOut }: Diagnostic): string {
  return JSON.stringify([code, subject.origin, placeOf(subject), leavesOut?.name ?? subject.tag?.split("=", 1)[0]]);
}

/** The same where not one instance's tag is meant, but the service: the newest of its instances is told then. */
function aboutService({ code, subject, leavesOut, message }: Diagnostic): string | undefined {
  if (subject.tag !== undefined) return undefined;
  return JSON.stringify([code, subject.origin, subject.catalog, subject.service, leavesOut?.name ?? message]);
}
