import type { AppError } from "../base/errors.ts";
import type { BlindSign } from "../core/catalog/snapshot.ts";
import { duration } from "./duration.ts";
import type { EventLog } from "./event-log.ts";
import type { SourceMetrics } from "./metrics.ts";

/** What a source tells; the sources declare the same shape as their reporter. */
export interface SourceTelemetry {
  requested(endpoint: string): void;
  failed(error: AppError, target: string, retryInMs: number, isNews: boolean): void;
  recovered(failures: number, forMs: number): void;
  strategyChosen(strategy: string, reason: string): void;
  connectionsShort(allowed: number | undefined, most: number): void;
  sightChanged(sign: BlindSign, isPresent: boolean): void;
  missed(services: readonly string[]): void;
}

/** What tokens and certificates tell; the sources declare the same shape as their reporter. */
export interface CredentialTelemetry {
  credentialsRenewed(message: string): void;
  credentialsWarned(message: string): void;
}

export interface SourceTelemetryOptions {
  readonly log: EventLog;
  readonly metrics: SourceMetrics;
  /** What the settings call the catalog, where they list several. */
  readonly name?: string;
}

/** Each sign that the catalog hides something, in the operator's words. */
const BLINDNESS: Readonly<Record<BlindSign, string>> = {
  filtered: "the token may not see everything (X-Consul-Results-Filtered-By-ACLs); what is missing may still be there",
  "default-deny":
    "nothing is listed and ACLs deny by default: the token is anonymous or has no policy; what is missing may still be there",
  "no-servers":
    "not even Consul's own servers are listed: the token lacks a policy; what is missing may still be there",
  "no-leader": "the server that answers knows of no leader; what is missing may still be there",
};

/** Turns what a source and its credentials tell into log lines and metrics. */
export function createSourceTelemetry({
  log,
  metrics,
  name,
}: SourceTelemetryOptions): SourceTelemetry & CredentialTelemetry {
  const catalog = name === undefined ? "catalog" : `catalog ${name}`;
  const whose = name === undefined ? {} : { catalog: name };
  const before = name === undefined ? "" : `${catalog}: `;
  return {
    credentialsRenewed: (message) => log.emit("credentials.renewed", `${before}${message}`, whose),
    credentialsWarned: (message) => log.emit("credentials.warning", `${before}${message}`, whose),
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
    connectionsShort(allowed, most) {
      if (allowed === undefined) {
        log.emit("source.unrestrained", `${catalog} takes all ${most} connections again`, { ...whose, most });
        return;
      }
      const message = `${catalog} refuses further connections from this address, and answers others (limits.http_max_conns_per_client, which all programs on this machine share); ${allowed} of ${most} are used until it takes more, and changes may take some seconds`;
      log.emit("source.short", message, { ...whose, allowed, most, limit: "limits.http_max_conns_per_client" });
    },
    sightChanged(sign, isPresent) {
      if (isPresent) log.emit("source.blind", `${catalog}: ${BLINDNESS[sign]}`, { ...whose, sign });
      else log.emit("source.sighted", `${catalog}: it is no longer so that ${BLINDNESS[sign]}`, { ...whose, sign });
    },
    missed(services) {
      metrics.countMissed(services.length);
      const names = services.slice(0, 5).join(", ");
      log.emit("source.missed", `${before}a complete read found changes that the watch had missed: ${names}`, {
        ...whose,
        services: services.length,
      });
    },
  };
}
