import { memoize } from "../incremental/memoize.ts";
import type { Diagnostic } from "./diagnostics.ts";

/** The diagnostics of a pass by the name that they leave out: made once for each pass, asked for each answer. */
const byName = memoize((diagnostics: readonly Diagnostic[]) =>
  Map.groupBy(
    diagnostics.filter(({ leavesOut }) => leavesOut !== undefined),
    ({ leavesOut }) => leavesOut?.name ?? "",
  ),
);

/** What a pass reported about a name that a service, by its key, does not get; without a service, that any does not get. */
export function toldOfName(
  name: string,
  service: string | undefined,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const told = byName(diagnostics).get(name) ?? [];
  return service === undefined ? told : told.filter(({ leavesOut }) => leavesOut?.service === service);
}
