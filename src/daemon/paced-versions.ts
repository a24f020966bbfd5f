import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { ChartVersions } from "./chart-versions.ts";
import { changesInWords, type VersionChanges, withLaterChanges } from "./version-changes.ts";

/** A chart of 5,000 services is packed every 50 s at most, a small one almost at once. */
const CHARACTERS_A_MS = 50;

/** Where versions are kept, each with what changed, in words. */
export interface VersionStore extends Pick<ChartVersions, "list" | "text"> {
  keep(text: string, reason: string, nowMs: number): Promise<void>;
}

export interface PacedVersionsOptions {
  readonly versions: VersionStore;
  readonly clock: Clock;
  /** A version that was to be kept later than it was published could not be kept. */
  failed(error: AppError): void;
}

/** A version that is to be kept. */
interface Waiting {
  readonly text: string;
  readonly changes: VersionChanges;
  readonly publishedAtMs: number;
}

/**
 * Keeps charts at a pace that grows with their size: packing megabytes at every change would cost more than the change, and
 * a catalog that churns would use up all versions within seconds. Of those in between the last one is kept, with what all
 * of them changed.
 */
export function createPacedVersions({ versions, clock, failed }: PacedVersionsOptions): ChartVersions {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let latest: Waiting | undefined;

  async function keepNow({ text, changes, publishedAtMs }: Waiting): Promise<void> {
    freeAtMs = clock.nowMs() + text.length / CHARACTERS_A_MS;
    // Without a change of a router it may be the chart of a fresh start, as one without routes.
    const isFirst = changes.size === 0 && (await versions.list()).length === 0;
    await versions.keep(text, isFirst ? "the first chart that is kept" : changesInWords(changes), publishedAtMs);
  }

  async function keepLatest(): Promise<void> {
    await clock.sleep(freeAtMs - clock.nowMs());
    const waiting = latest;
    latest = undefined;
    try {
      if (waiting !== undefined) await keepNow(waiting);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failed(error);
    }
  }

  return {
    async keep(text, changes, publishedAtMs) {
      if (latest === undefined && clock.nowMs() >= freeAtMs) {
        await keepNow({ text, changes, publishedAtMs });
        return;
      }
      const before = latest;
      latest = { text, changes: before ? withLaterChanges(before.changes, changes) : changes, publishedAtMs };
      if (before === undefined) void keepLatest();
    },
    list: () => versions.list(),
    text: (number) => versions.text(number),
  };
}
