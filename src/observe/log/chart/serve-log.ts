import type { Clock } from "../../../base/clock.ts";
import { count } from "../../../base/count.ts";
import type { CredentialObserver, ServeObserver, ServeRefusal } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";

/** What a client has to show. */
export interface ServeDemands {
  readonly token: boolean;
  readonly certificate: boolean;
}

export interface ServeLog extends ServeObserver, CredentialObserver {
  started(urls: readonly string[], demands: ServeDemands): void;
}

const TOLD_EVERY_MS = 60_000;

/** What the log says about the listener that serves the chart. */
export function createServeLog(log: EventLog, clock: Clock): ServeLog {
  const told = new Map<ServeRefusal, { atMs: number; untold: number }>();
  return {
    started(urls, { token, certificate }) {
      const demands = [...(token ? ["a token"] : []), ...(certificate ? ["a certificate"] : [])];
      const asked = `clients show ${demands.join(" and ")}`;
      log.emit("serve.started", `the chart is served at ${urls.join(" and ")}; ${asked}`, { urls, demands });
    },
    refused(reason, address, detail) {
      const last = told.get(reason);
      const nowMs = clock.nowMs();
      if (last !== undefined && nowMs - last.atMs < TOLD_EVERY_MS) {
        last.untold += 1;
        return;
      }
      told.set(reason, { atMs: nowMs, untold: 0 });
      const requests = 1 + (last?.untold ?? 0);
      const others = requests === 1 ? "" : `, as were ${count(requests - 1, "other request")} since the last such line`;
      const message = `a client at ${address} was refused the chart: ${WORDS[reason](detail)}${others}`;
      log.emit("serve.refused", message, { reason, address, count: requests, ...(detail && { code: detail }) });
    },
    credentialsRenewed: (message) => log.emit("credentials.renewed", message),
    credentialsWarned: (message) => log.emit("credentials.warning", message),
  };
}

const WORDS: Readonly<Record<ServeRefusal, (detail: string | undefined) => string>> = {
  "no token": () => "it shows no token; where it is a Traefik of yours, providers.http.headers needs Authorization",
  "another token": () => "it shows another token than serve.tokenFile holds",
  "no TLS": (code = "unknown reason") => `its TLS handshake failed (${code})`,
};
