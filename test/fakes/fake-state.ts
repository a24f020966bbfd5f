import type { AppError } from "../../src/base/errors.ts";
import type { DaemonState } from "../../src/daemon/daemon-state.ts";

export interface FakeState<T> extends DaemonState<T> {
  /** What is stored; undefined where nothing is. */
  value: T | undefined;
  /** Lets the next load find a damaged file. */
  damage(reason: string): void;
  failWith(error: AppError | undefined): void;
}

/** A stored value in memory. */
export function createFakeState<T>(name: string, journal: string[]): FakeState<T> {
  let damaged: string | undefined;
  let failure: AppError | undefined;
  const state: FakeState<T> = {
    value: undefined,
    async load() {
      if (damaged !== undefined) return { kind: "setAside", reason: damaged, movedTo: `/state/${name}.damaged` };
      return state.value === undefined ? { kind: "absent" } : { kind: "loaded", value: state.value };
    },
    async save(value) {
      if (failure !== undefined) throw failure;
      state.value = value;
      journal.push(`${name} saved`);
    },
    damage(reason) {
      damaged = reason;
    },
    failWith(error) {
      failure = error;
    },
  };
  return state;
}
