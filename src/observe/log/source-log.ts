import { catalogData } from "../catalog-label.ts";
import type { CatalogObserver } from "../observer.ts";
import { duration } from "./duration.ts";
import type { EventLog } from "./event-log.ts";
import { PARTIAL_VIEW_WORDS } from "./partial-view-words.ts";

/**
 * What the log says about one catalog, its source and its credentials. How often it is asked is no matter of the log.
 *
 * @param name what the settings call the catalog, where they list several
 */
export function createSourceLog(log: EventLog, name: string | undefined): Omit<CatalogObserver, "requested"> {
  const catalog = name === undefined ? "catalog" : `catalog ${name}`;
  const before = name === undefined ? "" : `${catalog}: `;
  const whose = catalogData(name);
  return {
    credentialsRenewed: (message) => log.emit("credentials.renewed", `${before}${message}`, whose),
    credentialsWarned: (message) => log.emit("credentials.warning", `${before}${message}`, whose),
    failed({ code, message }, target, retryInMs, isNews) {
      if (!isNews) return;
      const data = { ...whose, code, target, retryInMs: Math.round(retryInMs) };
      log.emit("source.failing", `${catalog}: ${message}; what was last good stays, trying again`, data);
    },
    recovered(failures, forMs) {
      const message = `${catalog} answers again after ${duration(forMs)} (${failures} failed requests)`;
      log.emit("source.recovered", message, { ...whose, failures, forMs });
    },
    strategyChosen(strategy, reason) {
      const message = `${catalog} read completely; watching ${strategy}: ${reason}`;
      log.emit("source.watching", message, { ...whose, strategy, reason });
    },
    connectionsShort(allowed, most) {
      if (allowed === undefined) {
        log.emit("source.unrestrained", `${catalog} takes all ${most} connections again`, { ...whose, most });
        return;
      }
      const message = `${catalog} refuses further connections from this address, and answers others (limits.http_max_conns_per_client, which all programs on this machine share); ${allowed} of ${most} are used until it takes more, and changes may take some seconds`;
      log.emit("source.short", message, { ...whose, allowed, most, limit: "limits.http_max_conns_per_client" });
    },
    sightChanged(reason, isPresent) {
      const words = PARTIAL_VIEW_WORDS[reason];
      const data = { ...whose, sign: reason };
      if (isPresent) log.emit("source.blind", `${catalog}: ${words}`, data);
      else log.emit("source.sighted", `${catalog}: it is no longer so that ${words}`, data);
    },
    missed(services) {
      const names = services.slice(0, 5).join(", ");
      log.emit("source.missed", `${before}a complete read found changes that the watch had missed: ${names}`, {
        ...whose,
        services: services.length,
      });
    },
  };
}
