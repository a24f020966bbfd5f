import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { ChartVersions } from "./chart-versions.ts";

/** A chart of 5,000 services is packed every 50 s at most, a small one almost at once. */
const CHARACTERS_A_MS = 50;

export interface PacedVersionsOptions {
  readonly versions: ChartVersions;
  readonly clock: Clock;
  /** A version that was to be kept later than it was published could not be kept. */
  failed(error: AppError): void;
}

/**
 * Keeps charts at a pace that grows with their size: packing megabytes at every change would cost more than the change, and
 * a catalog that churns would use up all versions within seconds. Of those in between the last one is kept.
 */
export function createPacedVersions({ versions, clock, failed }: PacedVersionsOptions): ChartVersions {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let latest: (() => Promise<void>) | undefined;

  async function keepLatest(): Promise<void> {
    await clock.sleep(freeAtMs - clock.nowMs());
    const keep = latest;
    latest = undefined;
    try {
      await keep?.();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failed(error);
    }
  }

  return {
    async keep(text, reason, publishedAtMs) {
      const nowMs = clock.nowMs();
      const keep = (): Promise<void> => {
        freeAtMs = clock.nowMs() + text.length / CHARACTERS_A_MS;
        return versions.keep(text, reason, publishedAtMs);
      };
      if (latest === undefined && nowMs >= freeAtMs) {
        await keep();
        return;
      }
      const isWaiting = latest !== undefined;
      latest = keep;
      if (!isWaiting) void keepLatest();
    },
    list: () => versions.list(),
    text: (number) => versions.text(number),
  };
}
