import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import { countRouters, type DynamicConfig } from "../core/traefik/chart/dynamic-config.ts";
import {
  isUntaken,
  type TraefikReading,
  type TraefikResult,
  type TraefikUnread,
} from "../core/traefik-result/traefik-result.ts";
import { createChartReader } from "./chart-reader.ts";
import type { TraefikApi } from "./traefik-api.ts";

export interface FollowedResult {
  /**
   * Another chart may be in force: published at this moment, or found to be so already. Returns at once: it is looked at later.
   */
  charted(config: DynamicConfig, how?: "published" | "found"): void;
  /** Looks after each publication and now and then, one look at a time, until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface FollowOptions {
  readonly api: TraefikApi;
  readonly clock: Clock;
  /** After each look, whatever it came to. Must not throw. */
  told(reading: TraefikReading): void;
}

/** Traefik hears of a file within milliseconds, and builds what is in it. */
const FIRST_LOOK_MS = 250;
const FIRST_LOOK_MS_A_ROUTER = 0.1;
/** While charts follow each other, each look is at the newest. */
const LOOKS_APART_MS = 1_000;
/** While news is on its way: the times between looks grow up to the last one. */
const WAITING_MS = [250, 500, 1_000, 2_000] as const;
/** While Traefik has not taken the chart: as an operator who mends it looks for the end. */
const BEHIND_MS = [2_000, 2_000, 5_000, 10_000] as const;
const IDLE_MS = 30_000;
const AWAY_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

export function followResult({ api, clock, told }: FollowOptions): FollowedResult {
  const reader = createChartReader({ api, nowMs: () => clock.nowMs() });
  let chart: { readonly config: DynamicConfig; readonly publishedAtMs: number } | undefined;
  /** The chart that was published while it was followed, until it is seen to be taken. */
  let awaited: typeof chart;
  let wake = new AbortController();
  let isNews = false;
  let last: TraefikResult | undefined;
  let unread: TraefikUnread | undefined;
  let looksInVain = 0;
  let looksBehind = 0;
  let failures = 0;

  /** One look; how long to wait for the next one, in milliseconds. */
  async function look(config: NonNullable<typeof chart>, signal: AbortSignal): Promise<number> {
    try {
      last = await reader.look(config, signal);
      unread = undefined;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return 0;
      if (!(error instanceof AppError)) throw error;
      const { code, message } = error;
      unread = { code, message, sinceMs: unread?.sinceMs ?? clock.nowMs() };
      told({ result: last, unread });
      failures += 1;
      return nth(AWAY_MS, failures);
    }
    const { kind } = last.taking;
    const isAwaited = kind === "taken" && awaited === config;
    if (isAwaited) awaited = undefined;
    const lag = isAwaited ? { takenAfterMs: clock.nowMs() - config.publishedAtMs } : {};
    told({ result: last, unread: undefined, ...lag });
    looksInVain = kind === "waiting" ? looksInVain + 1 : 0;
    looksBehind = isUntaken(last.taking) ? looksBehind + 1 : 0;
    if (kind === "taken") return IDLE_MS;
    return kind === "waiting" ? nth(WAITING_MS, looksInVain) : nth(BEHIND_MS, looksBehind);
  }

  async function run(signal: AbortSignal): Promise<void> {
    let waitMs = 0;
    let lookedAtMs = -Infinity;
    while (!signal.aborted) {
      await clock.sleep(waitMs, AbortSignal.any([signal, wake.signal]));
      if (signal.aborted) return;
      if (isNews) {
        isNews = false;
        wake = new AbortController();
        looksInVain = 0;
        const routers = chart === undefined ? 0 : countRouters(chart.config);
        const soonMs = FIRST_LOOK_MS + FIRST_LOOK_MS_A_ROUTER * routers;
        // An API that is away is not asked more often because there is news.
        const apartMs = failures > 0 ? nth(AWAY_MS, failures) : LOOKS_APART_MS;
        await clock.sleep(Math.max(soonMs, lookedAtMs + apartMs - clock.nowMs()), signal);
        if (signal.aborted) return;
      }
      if (chart === undefined) {
        waitMs = IDLE_MS;
        continue;
      }
      lookedAtMs = clock.nowMs();
      waitMs = await look(chart, signal);
    }
  }

  return {
    charted(config, how = "published") {
      if (config === chart?.config) return;
      chart = { config, publishedAtMs: clock.nowMs() };
      awaited = how === "published" ? chart : undefined;
      isNews = true;
      wake.abort();
    },
    run,
  };
}

function nth(times: readonly [number, ...number[]], count: number): number {
  return times[Math.min(count, times.length) - 1] ?? times[0];
}
