import { count, someNames } from "../../base/count.ts";
import { catalogData } from "../catalog-label.ts";
import type { CatalogObserver } from "../observer.ts";
import { duration } from "./duration.ts";
import type { EventLog } from "./event-log.ts";
import { FULL_VIEW_WORDS, PARTIAL_VIEW_WORDS } from "./partial-view-words.ts";

/** A trouble of some seconds needs no word about its length. */
const LONG_MS = 30_000;
const MOST_SERVICES = 5;

/**
 * What the log says about one catalog, its source and its credentials. How often it is asked is no matter of the log.
 *
 * @param name what the settings call the catalog, where they list several
 */
export function createSourceLog(
  log: EventLog,
  name: string | undefined,
): Omit<CatalogObserver, "requested" | "eventsReopened"> {
  const catalog = name === undefined ? "catalog" : `catalog ${name}`;
  const before = name === undefined ? "" : `${catalog}: `;
  const whose = catalogData(name);
  let hasBeenRead = false;
  return {
    credentialsRenewed: (message) => log.emit("credentials.renewed", `${before}${message}`, whose),
    credentialsWarned: (message) => log.emit("credentials.warning", `${before}${message}`, whose),
    failed({ code, message }, target, retryInMs, trouble) {
      if (trouble === undefined) return;
      const { failures, forMs } = trouble;
      const data = { ...whose, code, target, retryInMs: Math.round(retryInMs), failures, forMs };
      const since = forMs < LONG_MS ? "" : `; so for ${duration(forMs)} (${count(failures, "failed request")})`;
      const meanwhile = hasBeenRead ? "what was last good stays" : "it has not been read yet";
      log.emit("source.failing", `${catalog}: ${message}${since}; ${meanwhile}, trying again`, data);
    },
    recovered(failures, forMs) {
      const message = `${catalog} answers again after ${duration(forMs)} (${count(failures, "failed request")})`;
      log.emit("source.recovered", message, { ...whose, failures, forMs });
    },
    strategyChosen(strategy, reason) {
      hasBeenRead = true;
      const message = `${catalog} read completely; watching ${strategy}: ${reason}`;
      log.emit("source.watching", message, { ...whose, strategy, reason });
    },
    connectionsShort(allowed, most) {
      if (allowed === undefined) {
        log.emit("source.unrestrained", `${catalog} takes as many connections again as the settings allow: ${most}`, {
          ...whose,
          most,
        });
        return;
      }
      const message = `${catalog} refuses further connections from this address, and answers others (limits.http_max_conns_per_client, which all programs on this machine share); ${allowed} of ${most} are used until it takes more, and changes may take some seconds`;
      log.emit("source.short", message, { ...whose, allowed, most, limit: "limits.http_max_conns_per_client" });
    },
    sightChanged(reason, isPresent, namespaces) {
      const data = { ...whose, sign: reason, ...(isPresent && namespaces.length > 0 ? { namespaces } : {}) };
      const which = namespaces.length === 0 ? "" : `; ${namespaceRights(namespaces)}`;
      if (isPresent) log.emit("source.blind", `${catalog}: ${PARTIAL_VIEW_WORDS[reason]}${which}`, data);
      else log.emit("source.sighted", `${catalog}: ${FULL_VIEW_WORDS[reason]}`, data);
    },
    eventsHeard(scope) {
      const message = `${catalog}: the event stream of ${scope} is heard; what it points at is read`;
      log.emit("source.heard", message, { ...whose, scope });
    },
    eventsUnheard(scope, right, error) {
      const why =
        right === undefined
          ? (error?.message ?? "it has ended")
          : `it stays silent, as Nomad does where a token may not listen; the token needs ${right}`;
      const message = `${catalog}: the event stream of ${scope} tells nothing: ${why}; changes are found without it, at the cost of more requests`;
      log.emit("source.unheard", message, {
        ...whose,
        scope,
        ...(error && { code: error.code }),
        ...(right && { right }),
      });
    },
    settingDoubted: (message) => log.emit("settings.warning", `${before}${message}`, whose),
    missed(services) {
      const names = someNames(services, MOST_SERVICES);
      log.emit("source.missed", `${before}a complete read found changes that the watch had missed, of ${names}`, {
        ...whose,
        services: services.length,
      });
    },
  };
}

/** What happens to what is charted of denied namespaces, and the rules for the token's policy. */
function namespaceRights(namespaces: readonly string[]): string {
  const rules = namespaces.map((one) => `namespace ${JSON.stringify(one)} { capabilities = ["read-job"] }`);
  return `what is charted of ${someNames(namespaces, MOST_SERVICES)} stays until it can be read again or until portolan release; the token needs ${someNames(rules, MOST_SERVICES)}`;
}
