/**
 * Where a scheduler's state may have changed, and nothing of what it is now. What is listened to tells of every job that the
 * token may see, asked for or not; it may tell the same twice, late, in another order, or what is not so.
 */
export interface AllocationHint {
  /** Ids of allocations, each with the index of its latest write: one that was read after that need not be read again. */
  readonly allocations: ReadonlyMap<string, bigint>;
  /** Jobs whose deployment may have changed, each as `NAMESPACE/JOB`. */
  readonly deployments: ReadonlySet<string>;
  /** Hints may have been lost, as while a connection was down: all that is in use is to be looked at again. */
  readonly isAnything: boolean;
}

export type AllocationHintListener = (hint: AllocationHint) => void;
