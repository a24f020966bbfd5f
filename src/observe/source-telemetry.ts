import type { AppError } from "../errors.ts";
import { duration } from "./duration.ts";
import type { EventLog } from "./event-log.ts";
import type { SourceMetrics } from "./metrics.ts";

/** What a source tells; the sources declare the same shape as their reporter. */
export interface SourceTelemetry {
  requested(endpoint: string): void;
  failed(error: AppError, target: string, retryInMs: number, isNews: boolean): void;
  recovered(failures: number, forMs: number): void;
  strategyChosen(strategy: string, reason: string): void;
}

export interface SourceTelemetryOptions {
  readonly log: EventLog;
  readonly metrics: SourceMetrics;
  /** What the settings call the catalog, where they list several. */
  readonly name?: string;
}

/** Turns what a source tells into log lines and metrics. */
export function createSourceTelemetry({ log, metrics, name }: SourceTelemetryOptions): SourceTelemetry {
  const catalog = name === undefined ? "catalog" : `catalog ${name}`;
  const whose = name === undefined ? {} : { catalog: name };
  return {
    requested: (endpoint) => metrics.countRequest(endpoint),
    failed(error, target, retryInMs, isNews) {
      metrics.countError(error.code);
      if (!isNews) return;
      log.emit("source.failing", `${catalog}: ${error.message}; what was last good stays, trying again`, {
        ...whose,
        code: error.code,
        target,
        retryInMs: Math.round(retryInMs),
      });
    },
    recovered(failures, forMs) {
      log.emit("source.recovered", `${catalog} answers again after ${duration(forMs)} (${failures} failed requests)`, {
        ...whose,
        failures,
        forMs,
      });
    },
    strategyChosen(strategy, reason) {
      log.emit("source.watching", `${catalog} read completely; watching ${strategy}: ${reason}`, {
        ...whose,
        strategy,
        reason,
      });
    },
  };
}
