import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import type { CredentialReporter } from "../sources/credentials/credential-reporter.ts";
import { type CatalogTls, createTlsMaterial } from "../sources/credentials/tls-material.ts";
import { createTokenFile } from "../sources/credentials/token-file.ts";
import { createAxiosClient } from "../sources/http/client/axios-client.ts";
import type { HttpAnswer, HttpStream } from "../sources/http/client/connections.ts";
import type { CatalogEndpoint } from "../sources/http/client/endpoint.ts";
import { type ApiPlace, lateError, statusError, toApiError } from "./api-error.ts";

/** Where Traefik's API answers, and as whom it is asked. */
export interface TraefikApiSettings {
  /** `http://127.0.0.1:8080`, also with the API's base path, or `unix://` and a socket's path. */
  readonly address: string;
  /** For HTTP's basic authentication, with one of the two after it. */
  readonly user?: string;
  readonly password?: string;
  /** Read again when it changes, and when the password is refused; wins over `password`. */
  readonly passwordFile?: string;
  readonly tls?: CatalogTls;
}

export interface TraefikApiEnvironment {
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
  /** What names the API in messages. Default: `traefik.api` */
  readonly setting?: string;
  /** How long an answer may take. Default: 10 s */
  readonly deadlineMs?: number;
}

/** Traefik answers in milliseconds, a large page in tens of them; while it loads 5,000 routes it may take seconds. */
const DEADLINE_MS = 10_000;
/** A page has some 400 bytes an entry, unless one has thousands of servers. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Sends requests to one API: with its password, within a time and a size, and with errors in the operator's words. */
export interface ApiRequests {
  readonly place: ApiPlace;
  /** A successful answer, or one whose status is expected. Rejects with a TraefikApiError only. */
  get(path: string, signal: AbortSignal, isExpected?: (status: number) => boolean): Promise<HttpAnswer>;
  /** Reads an answer as it comes. Rejects with a TraefikApiError only. */
  stream<T>(path: string, signal: AbortSignal, read: (answer: HttpStream, mostBytes: number) => Promise<T>): Promise<T>;
  close(): void;
}

/** Opens nothing yet. Throws AppError (exit code 78) where a TLS file cannot be used. */
export function createApiRequests(settings: TraefikApiSettings, environment: TraefikApiEnvironment): ApiRequests {
  const { setting = "traefik.api", deadlineMs = DEADLINE_MS } = environment;
  const client = createAxiosClient(endpointOf(settings, setting, environment));
  const place: ApiPlace = { setting, address: settings.address, user: settings.user };
  const readPassword = passwordReader(settings, setting, environment);

  function headers(password: string): Readonly<Record<string, string>> {
    const asked = { accept: "application/json", "accept-encoding": "identity" };
    if (settings.user === undefined) return asked;
    return { ...asked, authorization: `Basic ${Buffer.from(`${settings.user}:${password}`).toString("base64")}` };
  }

  async function within<T>(signal: AbortSignal, request: (ending: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(deadlineMs, signal, request, () => lateError(place, deadlineMs));
    } catch (error) {
      throw toApiError(error, place);
    }
  }

  return {
    place,
    async get(path, signal, isExpected = isSuccess) {
      const answer = await within(signal, async (ending) => {
        const send = (password: string) =>
          client.send({ path, headers: headers(password), maxBytes: MAX_BYTES, signal: ending });
        const password = readPassword();
        const first = await send(password);
        if (first.status !== 401) return first;
        // The file may hold another password by now.
        const other = readPassword(password);
        return other === password ? first : await send(other);
      });
      if (!isExpected(answer.status)) throw statusError(answer.status, path.replace(/\?.*/, ""), place);
      return answer;
    },
    stream(path, signal, read) {
      return within(signal, async (ending) =>
        read(await client.stream({ path, headers: headers(readPassword()), signal: ending }), MAX_BYTES),
      );
    },
    close: () => client.close(),
  };
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function endpointOf(
  { address, tls = {} }: TraefikApiSettings,
  setting: string,
  { clock, reporter }: TraefikApiEnvironment,
): CatalogEndpoint {
  if (address.startsWith("unix://"))
    return { baseUrl: "http://localhost", socketPath: address.slice("unix://".length) };
  // As people copy it from a browser.
  const baseUrl = address.replace(/\/+$/, "").replace(/\/(?:api|dashboard)$/, "");
  if (!baseUrl.startsWith("https:")) return { baseUrl };
  return { baseUrl, tls: createTlsMaterial({ tls, section: `${setting}.tls`, clock, reporter }) };
}

function passwordReader(
  { password = "", passwordFile }: TraefikApiSettings,
  setting: string,
  { clock, reporter }: TraefikApiEnvironment,
): (refused?: string) => string {
  if (passwordFile === undefined) return () => password;
  return createTokenFile({
    setting: `${setting}.passwordFile`,
    path: passwordFile,
    token: password,
    what: "password",
    clock,
    reporter,
  });
}
