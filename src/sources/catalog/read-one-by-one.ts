import { AppError } from "../../base/errors.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";

/** How a whole catalog is read without being a burden to it. */
export interface SlowReading {
  /** Is waited for before each question. */
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * The instances that a catalog tells of each of these, which it is asked for one after the other; none once aborted. Of thousands
 * of questions in a row one may fail, and the answers to all others are not to be lost: such a one is asked once more. Rejects
 * with the second failure.
 */
export async function readOneByOne(
  names: Iterable<string>,
  ask: (name: string) => Promise<readonly ServiceInstance[]>,
  { pause, signal }: SlowReading,
): Promise<readonly ServiceInstance[]> {
  const instances: ServiceInstance[] = [];
  for (const name of names) {
    await pause();
    if (signal.aborted) return [];
    for (const instance of await withSecondTry(() => ask(name), { pause, signal })) instances.push(instance);
  }
  return instances;
}

async function withSecondTry<Answer>(ask: () => Promise<Answer>, { pause, signal }: SlowReading): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    await pause();
    return ask();
  }
}
