/** Counts the bytes of answers that are being read, over all requests that share it. */
export interface AnswerMemory {
  /** Counts so many bytes more; false, and nothing counted, where that would be too many. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createAnswerMemory(mostBytes: number): AnswerMemory {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > mostBytes) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}

/**
 * Of this process. Each answer may be large, but hundreds may be under way: twice the largest answer that is accepted, and
 * together with what is made of it well below the memory that portolan is given.
 */
export const ANSWER_MEMORY = createAnswerMemory(64 * 1024 * 1024);
