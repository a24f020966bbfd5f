import type { Frame } from "./frame.ts";

/** The latest frames, one list for all streams, each of which knows how far it has come. */
export interface FrameLog {
  /** The position of the next frame. */
  readonly end: number;
  push(frame: Frame): void;
  /** Undefined behind the end. */
  at(position: number): Frame | undefined;
  /** Whether what stood there has been dropped. */
  isDropped(position: number): boolean;
  /** Where a stream goes on that was told everything up to an id; undefined where something behind it is not known any more. */
  positionBehind(id: number): number | undefined;
  /** Forgets all frames: a stream may be resumed behind this id, and none before it. */
  clear(id: number): void;
}

/**
 * @param startId everything up to it is told
 * @param mostBytes of all frames together; the latest stays in any case
 */
export function createFrameLog(startId: number, mostBytes: number): FrameLog {
  let frames: Frame[] = [];
  let first = 0;
  let bytes = 0;
  let completeSince = startId;

  return {
    get end() {
      return first + frames.length;
    },
    push(frame) {
      frames.push(frame);
      bytes += frame.bytes.length;
      let dropped = 0;
      while (bytes > mostBytes && dropped < frames.length - 1) {
        const oldest = frames[dropped];
        bytes -= oldest?.bytes.length ?? 0;
        completeSince = oldest?.id ?? completeSince;
        dropped += 1;
      }
      if (dropped === 0) return;
      frames = frames.slice(dropped);
      first += dropped;
    },
    at: (position) => frames[position - first],
    isDropped: (position) => position < first,
    positionBehind(id) {
      if (id < completeSince) return undefined;
      const next = frames.findIndex((frame) => frame.id > id);
      return next < 0 ? first + frames.length : first + next;
    },
    clear(id) {
      first += frames.length;
      frames = [];
      bytes = 0;
      completeSince = id;
    },
  };
}
