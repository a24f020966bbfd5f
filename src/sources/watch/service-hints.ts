/**
 * What a catalog tells unasked: which service to look at again, and nothing that is believed of it. Events may be lost, come
 * twice, late or in another order, or say what is not so; what is charted always comes from a read.
 */
export interface ServiceHints {
  /** `heard`: every change is hinted at now. `awaited`: not now, but soon. `unheard`: nothing is told, and it is not ours to change. */
  readonly standing: "heard" | "awaited" | "unheard";
  /**
   * Whether each write that moves the list's index is hinted at. Not so where some of what the list moves with may not be
   * listened to: then a move without a hint is nothing uncommon.
   */
  readonly coversList: boolean;
  /** How many connections it occupies. */
  readonly connections: number;
  /** Returns how to end that. */
  follow(listener: HintListener): () => void;
}

/** Calls back; what is absent is of no interest. */
export interface HintListener {
  /**
   * A service may have changed.
   *
   * @param service its key; undefined where it is one that is of no interest, and only the write counts
   * @param write the number of the write that is said to have changed it
   */
  hinted?(service: string | undefined, write: bigint): void;
  /** Hints may have been lost: every service is to be read again. */
  doubted?(): void;
  /** The standing is another one. */
  standingChanged?(): void;
}
