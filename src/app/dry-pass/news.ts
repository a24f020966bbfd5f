import type { Clock } from "../../base/clock.ts";
import { createDeferred } from "../../base/deferred.ts";

/** Something may be other than before; it carries no data. */
export interface News {
  tell(): void;
  /** How often it was told. */
  times(): number;
  /** Resolves with the next news after this call, after some time without any, or when aborted. */
  next(patienceMs: number, signal: AbortSignal): Promise<void>;
}

export function createNews(clock: Pick<Clock, "sleep">): News {
  let told = createDeferred();
  let times = 0;
  return {
    times: () => times,
    tell() {
      times += 1;
      const before = told;
      told = createDeferred();
      before.resolve();
    },
    async next(patienceMs, signal) {
      const heard = new AbortController();
      const { promise } = told;
      void promise.then(() => heard.abort());
      await clock.sleep(patienceMs, AbortSignal.any([signal, heard.signal]));
    },
  };
}
