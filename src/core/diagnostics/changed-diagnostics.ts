import type { Diagnostic } from "./diagnostics.ts";

/** What is wrong now and was not, and what was wrong and is no longer. */
export interface ChangedDiagnostics {
  readonly come: readonly Diagnostic[];
  readonly gone: readonly Diagnostic[];
}

/** Compares by code, place and what is left out: a message may name others that come and go. Each is told as often as it is there. */
export function changedDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): ChangedDiagnostics {
  return { come: without(after, before), gone: without(before, after) };
}

function without(all: readonly Diagnostic[], others: readonly Diagnostic[]): readonly Diagnostic[] {
  const left = new Map<string, number>();
  for (const key of others.map(keyOf)) left.set(key, (left.get(key) ?? 0) + 1);
  return all.filter((one) => {
    const key = keyOf(one);
    const times = left.get(key) ?? 0;
    left.set(key, times - 1);
    return times <= 0;
  });
}

function keyOf({ code, subject, leavesOut }: Diagnostic): string {
  const { origin, catalog, service, instance, node, tag } = subject;
  return JSON.stringify([code, origin, catalog, service, instance, node, tag, leavesOut?.name]);
}
