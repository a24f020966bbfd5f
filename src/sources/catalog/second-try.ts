import { AppError } from "../../base/errors.ts";

/**
 * Asks, and after a failure once more: of thousands of questions in a row one may fail, and the answers to all others are not to
 * be lost. Rejects with the second failure.
 *
 * @param pause is waited for before the second question
 */
export async function withSecondTry<Answer>(
  ask: () => Promise<Answer>,
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    await pause();
    return ask();
  }
}
