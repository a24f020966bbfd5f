/** What the store needs of what is around it: the daemon, a clock and timers. A test has a world of its own. */
export interface World {
  /** Reads an answer of the API, by a path relative to the page: `v1/status`. Throws ReadError. */
  read<Answer>(path: string): Promise<Answer>;
  /** Opens a stream of events; what is returned closes it, and after that nothing is heard. */
  listen(path: string, hears: Hears): () => void;
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Calls once after so many milliseconds; what is returned takes it back. */
  after(waitMs: number, then: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
}

/** What a stream tells. */
export interface Hears {
  opened(): void;
  /** An event by its name, with its data, and the id by which the stream can be resumed behind it; empty where it has none. */
  told(event: string, data: string, id: string): void;
  /** The stream has ended, or never began. */
  ended(): void;
}

/** An answer that could not be had. */
export class ReadError extends Error {
  /** `away`: no portolan answers; `refused`: it answers, and does not tell this; `changed`: it is of another version than the page. */
  readonly kind: "away" | "refused" | "changed";

  constructor(kind: ReadError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}
