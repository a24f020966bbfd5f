import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Steps } from "../incremental/steps.ts";
import { ledgerDiagnostics } from "../ports/ledger/ledger-diagnostics.ts";
import type { Pass, StageResult } from "../stage.ts";

/** The stage that reports instances at ports which the ledger declares for another service. It refuses nothing. */
export function* reportDeclaredPorts(
  { settings }: Pass,
  instances: readonly ServiceInstance[],
  _: undefined,
): Steps<StageResult<undefined, undefined>> {
  yield;
  return { value: undefined, carry: undefined, diagnostics: ledgerDiagnostics(instances, settings), dueAtMs: [] };
}
