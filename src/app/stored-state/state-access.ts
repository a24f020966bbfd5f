import type { DaemonState } from "../../daemon/daemon-state.ts";
import type { ReadState } from "../../output/state/loaded-state.ts";

/** A file of the state directory, for the process that keeps it, and for one that only looks. */
export interface StoredState<T> extends DaemonState<T> {
  /** Reads what `load` would, and touches nothing. */
  look(): Promise<ReadState<T>>;
}

/** How a process uses the files of the state directory. */
export type StateAccess = <T>(file: StoredState<T>) => DaemonState<T>;

/** As the process that keeps them. */
export const KEEPS_STATE: StateAccess = (file) => file;

/**
 * As a process that only looks: nothing is saved, moved or removed, so that it may run beside the one that keeps them and
 * needs no right but to read. A file that cannot be understood counts as absent, as at a start.
 *
 * @param noted is told what the operator should know of a file
 */
export function looksAtState(noted: (note: string) => void): StateAccess {
  return (file) => ({
    async load() {
      const read = await file.look();
      if (read.kind !== "unusable") return read;
      noted(`${read.reason}; it counts as absent, and a start would move it away`);
      return { kind: "absent" };
    },
    async save() {},
  });
}
