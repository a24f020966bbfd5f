import { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { type Clock, systemClock } from "../clock.ts";
import type { CredentialReporter } from "./credential-reporter.ts";
import type { Product } from "./product.ts";
import { ReloadingAgent } from "./reloading-agent.ts";
import { type CatalogTls, createTlsMaterial, type TlsMaterial } from "./tls-material.ts";

/** Where a catalog answers: an http or https URL, or `unix://` and a socket's path. */
export interface CatalogEndpoint {
  readonly baseUrl: string;
  readonly socketPath?: string;
  readonly agent: HttpAgent | HttpsAgent;
  /** For https; the agent uses it by itself. */
  readonly tls?: TlsMaterial;
}

export interface EndpointEnvironment {
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
}

/** TCP keepalive finds a peer that vanished without a word; the request's deadline is the second net. */
const KEEPALIVE_MS = 15_000;

const UNTOLD: EndpointEnvironment = {
  clock: systemClock,
  reporter: { credentialsRenewed() {}, credentialsWarned() {} },
};

/**
 * Turns an address and TLS files into what the HTTP client needs. Throws AppError (exit code 78) where a file cannot be
 * used; later changes of the files are told and followed.
 */
export function openEndpoint(
  address: string,
  tls: CatalogTls,
  { section }: Product,
  environment: EndpointEnvironment = UNTOLD,
): CatalogEndpoint {
  const keepAlive = { keepAlive: true, keepAliveMsecs: KEEPALIVE_MS, maxFreeSockets: 8 };
  if (address.startsWith("unix://")) {
    return {
      baseUrl: "http://localhost/v1",
      socketPath: address.slice("unix://".length),
      agent: new HttpAgent(keepAlive),
    };
  }
  const baseUrl = `${address.replace(/\/+$/, "")}/v1`;
  if (!address.startsWith("https:")) return { baseUrl, agent: new HttpAgent(keepAlive) };
  const material = createTlsMaterial({ tls, section: `${section}.tls`, ...environment });
  return { baseUrl, agent: new ReloadingAgent(material, keepAlive), tls: material };
}
