import { createWatches } from "../../state/watches.ts";
import type { NomadEvent } from "./event.ts";

/** The events of one write. */
export interface Batch {
  readonly index: number;
  readonly events: readonly NomadEvent[];
}

/** The latest events of a server, and the means to hear of the next. */
export interface EventLog {
  append(batch: Batch): void;
  /**
   * From the batch of this index on, else from the nearest: the oldest that is left where the index is 0 or was dropped,
   * the newest where it is of the future. Ends when `over` is aborted, or when batches were dropped before they were taken.
   */
  from(index: bigint, over: AbortSignal): AsyncGenerator<Batch>;
}

/** `event_buffer_size` of Nomad's servers. */
const KEPT_BATCHES = 100;

const NEWS = "events";

/** No events yet. */
export function createEventLog(): EventLog {
  const watches = createWatches();
  const kept: Batch[] = [];
  let dropped = 0;

  function positionOf(index: bigint): number {
    const found = kept.findIndex((batch) => BigInt(batch.index) >= index);
    return dropped + (found === -1 ? Math.max(kept.length - 1, 0) : found);
  }

  return {
    append(batch) {
      kept.push(batch);
      if (kept.length > KEPT_BATCHES) {
        kept.shift();
        dropped += 1;
      }
      watches.touch([NEWS]);
    },
    async *from(index, over) {
      let position = positionOf(index);
      while (!over.aborted && position >= dropped) {
        const batch = kept[position - dropped];
        if (batch === undefined) {
          await watches.next([NEWS], over);
        } else {
          position += 1;
          yield batch;
        }
      }
    },
  };
}
