/**
 * Answers that several clients get: all pages of browsers ask for the same lists at once, after a restart and after a change of
 * very many routes, and a list of 5,000 takes a tenth of a second and some megabytes. Nothing is held for it: bytes that no
 * client is being given go when memory is wanted, and so does what they were made of.
 */
export interface SharedAnswers {
  /**
   * @param question what is asked, as the client wrote it
   * @param madeOf of which the answer is made: the same objects make the same answer
   */
  answer(question: string, madeOf: readonly object[], make: () => Promise<Buffer>): Promise<Buffer>;
}

/** Of so many different questions the latest answers are known. */
const MOST_QUESTIONS = 16;

interface Known {
  readonly madeOf: readonly WeakRef<object>[];
  readonly bytes: WeakRef<Buffer>;
}

export function createSharedAnswers(): SharedAnswers {
  const known = new Map<string, Known>();
  return {
    async answer(question, madeOf, make) {
      const found = known.get(question);
      const isSame =
        found?.madeOf.length === madeOf.length && found.madeOf.every((one, at) => one.deref() === madeOf[at]);
      const bytes = isSame ? found.bytes.deref() : undefined;
      if (bytes !== undefined) return bytes;
      const made = await make();
      known.delete(question);
      known.set(question, { madeOf: madeOf.map((one) => new WeakRef(one)), bytes: new WeakRef(made) });
      const [oldest] = known.keys();
      if (known.size > MOST_QUESTIONS && oldest !== undefined) known.delete(oldest);
      return made;
    },
  };
}
