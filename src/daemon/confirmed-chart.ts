import type { CatalogSnapshot } from "../core/catalog/snapshot.ts";
import type { Decision, ReconcileInput } from "../core/decision.ts";

/** What the operator has set and written. */
type OperatorInput = Required<Pick<ReconcileInput, "settings" | "operatorConfig" | "neighbours">>;

/** What a chart is decided from, beside the time and what is stored. */
export interface DecidedFrom extends OperatorInput {
  /** Each catalog's name, where it has one, and source. */
  readonly catalogs: readonly (readonly [name: string | undefined, source: string])[];
}

/** Fingerprints of what the last chart was decided from, over a restart. */
export interface ChartFingerprints {
  /**
   * Whether this text is the chart that was decided from exactly this and from the state as it is stored, by this very
   * program, and nothing of it falls due before `nowMs`. False as well where that cannot be found out.
   */
  match(text: string, from: DecidedFrom, nowMs: number): Promise<boolean>;
  /**
   * Keeps the fingerprint of a chart whose state is stored.
   *
   * @param dueAtMs when time alone changes the decision; undefined where it does not
   * @throws AppError (E_OUTPUT_…)
   */
  keep(text: string, from: DecidedFrom, dueAtMs: number | undefined, nowMs: number): Promise<void>;
}

/** A pass that has come to its end. */
export interface EndedPass {
  readonly decision: Decision;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly input: OperatorInput & Pick<ReconcileInput, "heldHostRegistrations" | "checkedHostRegistrations">;
  /** Whether the snapshots and the memory are on the disk as the pass left them. */
  readonly isStored: boolean;
}

/**
 * Whether the chart of a pass follows from what a restart finds: everything was read and is stored, and nothing is held or
 * waits by what only the process remembers, or has read beside the watch.
 */
export function followsFromStored({ decision, snapshots, input, isStored }: EndedPass): boolean {
  const { removals, damping } = decision.memory;
  return (
    isStored &&
    snapshots.every(({ freshness, blind }) => freshness === "live" && blind === undefined) &&
    removals.holds.length === 0 &&
    damping?.counted === damping?.reported &&
    input.heldHostRegistrations === undefined &&
    input.checkedHostRegistrations === undefined
  );
}
