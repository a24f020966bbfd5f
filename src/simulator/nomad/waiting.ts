import type { Clock } from "../../base/clock.ts";

/** By what a request waits, and for how long. */
export interface Waiting {
  readonly clock: Clock;
  /** Aborted when the client has gone or the server closes. */
  readonly gone: AbortSignal;
  /** Between two signs of life of an event stream. */
  readonly heartbeatMs: number;
}
