import type { Clock } from "../../../base/clock.ts";
import { CatalogError } from "../../catalog/catalog-error.ts";
import type { CredentialReporter } from "../../credentials/credential-reporter.ts";
import { readSecretFile } from "../../credentials/secret-file.ts";
import type { TokenReader } from "../../credentials/token.ts";
import { retryDelayMs } from "../../polling/backoff.ts";
import type { Login, LoginApi } from "./login-api.ts";

export interface LoginSession {
  readonly readToken: TokenReader;
  /** Logs out, within two seconds. */
  close(): Promise<void>;
}

export interface LoginSessionOptions {
  readonly api: LoginApi;
  readonly jwtFile: string;
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
  /** A number in [0, 1). */
  random(): number;
}

/**
 * An agent that asked a server too early remembers for 30 s (acl_token_ttl) that there is no such token; so a new token
 * is used only when stale reads know it, or after this time.
 */
const SPREADING_MS = 2_000;
const SPREADING_STEP_MS = 100;
/** A token that is refused sooner is not replaced: the servers may not all have heard of it. Also keeps logins rare. */
const SETTLING_MS = 10_000;
/** A JWT or an auth method is put right by hand, and a fleet that asks every second is felt by the servers. */
const REFUSED_FACTOR = 5;
const LOGOUT_MS = 2_000;
/** Node's timers fire at once where they are set for more than 24 days. */
const LONGEST_SLEEP_MS = 24 * 3_600_000;

interface Held extends Login {
  readonly sinceMs: number;
  /** When another one is to be had, by our clock; never where it does not end. */
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/**
 * Keeps a token by logging in with a JWT, which is read anew each time: its issuer replaces it now and then. The
 * token is replaced when 80 to 90 % of its life are over, spread so that a fleet does not come in step, and when the
 * catalog refuses it. There is one login at a time, however many requests wait for it.
 */
export function createLoginSession(options: LoginSessionOptions): LoginSession {
  const { api, jwtFile, clock, random, reporter } = options;
  const closing = new AbortController();
  let held: Held | undefined;
  let pending: Promise<string> | undefined;
  let failed: { readonly error: CatalogError; readonly failures: number; readonly untilMs: number } | undefined;

  async function logIn(): Promise<string> {
    try {
      const login = await api.login(readJwt(jwtFile), closing.signal);
      await untilKnown(login.token);
      const old = held;
      held = holdFrom(login);
      failed = undefined;
      if (login.lifeMs !== undefined) void replaceInTime(held);
      const end = login.lifeMs === undefined ? "without an end" : `for ${Math.round(login.lifeMs / 1_000)} s`;
      reporter.credentialsRenewed(`consul.login: Consul gave a token ${end} (accessor ${login.accessor})`);
      if (old !== undefined) void logOut(old);
      return login.token;
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      noteFailure(error);
      throw error;
    }
  }

  function noteFailure(error: CatalogError): void {
    const failures = (failed?.failures ?? 0) + 1;
    const factor = error.catalogCode === "E_CATALOG_LOGIN" ? REFUSED_FACTOR : 1;
    failed = { error, failures, untilMs: clock.nowMs() + factor * retryDelayMs(error, failures, random()) };
    if (failures > 1 || held === undefined || closing.signal.aborted) return;
    reporter.credentialsWarned(`consul.login: ${error.message}; the token in use stays until it ends, trying again`);
  }

  function renew(): Promise<string> {
    if (failed !== undefined && clock.nowMs() < failed.untilMs) return Promise.reject(failed.error);
    pending ??= logIn().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  /** By a timer and not with the next request: a long poll may last longer than what is left of the token's life. */
  async function replaceInTime(one: Held): Promise<void> {
    while (held === one && !closing.signal.aborted) {
      const waitMs = Math.max(one.renewAtMs, failed?.untilMs ?? 0) - clock.nowMs();
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), closing.signal);
      else {
        await renew().catch((error: unknown) => {
          // A failed login has been reported where it failed.
          if (!(error instanceof CatalogError)) throw error;
        });
      }
    }
  }

  async function untilKnown(token: string): Promise<void> {
    const endMs = clock.nowMs() + SPREADING_MS;
    while (!(await api.isKnown(token, closing.signal)) && clock.nowMs() < endMs) {
      await clock.sleep(SPREADING_STEP_MS, closing.signal);
      if (closing.signal.aborted) return;
    }
  }

  function holdFrom(login: Login): Held {
    const nowMs = clock.nowMs();
    if (login.lifeMs === undefined) return { ...login, sinceMs: nowMs, renewAtMs: Infinity, endsAtMs: Infinity };
    const renewAtMs = nowMs + login.lifeMs * (0.8 + 0.1 * random());
    return { ...login, sinceMs: nowMs, renewAtMs, endsAtMs: nowMs + login.lifeMs };
  }

  async function logOut({ token, accessor }: Held): Promise<void> {
    try {
      await api.logout(token, LOGOUT_MS);
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      reporter.credentialsWarned(
        `consul.login: ${error.message}; the token with accessor ${accessor} is left over (consul acl token delete -id ${accessor})`,
      );
    }
  }

  return {
    readToken(refused) {
      const nowMs = clock.nowMs();
      if (held === undefined || nowMs >= held.endsAtMs) return renew();
      if (refused === held.token && nowMs - held.sinceMs >= SETTLING_MS) return renew();
      return held.token;
    },
    async close() {
      closing.abort();
      await pending?.catch(() => {});
      if (held !== undefined) await logOut(held);
    },
  };
}

function readJwt(path: string): string {
  const jwt = readSecretFile(path);
  if (jwt.kind === "read") return jwt.text;
  throw new CatalogError(
    "E_CATALOG_LOGIN",
    `consul.login.jwtFile: ${path} ${jwt.reason}; name the file into which the workload's identity is written`,
  );
}
