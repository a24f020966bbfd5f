import type { DaemonObserver } from "../observe/observer.ts";

/** One value that survives a restart. */
export interface DaemonState<T> {
  load(): Promise<
    | { kind: "loaded"; value: T; note?: string }
    | { kind: "absent" }
    | { kind: "setAside"; reason: string; movedTo: string }
  >;
  save(value: T, nowMs: number): Promise<void>;
}

/** The stored value; undefined where there is none, and where it was damaged, which is reported to the observer. */
export async function loadState<T>(
  state: DaemonState<T>,
  observer: Pick<DaemonObserver, "setAside" | "stateNoted">,
): Promise<T | undefined> {
  const loaded = await state.load();
  if (loaded.kind === "setAside") observer.setAside(loaded.reason, loaded.movedTo);
  if (loaded.kind === "loaded" && loaded.note !== undefined) observer.stateNoted(loaded.note);
  return loaded.kind === "loaded" ? loaded.value : undefined;
}
