import { type Clock, systemClock } from "../../../base/clock.ts";
import type { Product } from "../../catalog/product.ts";
import type { CredentialReporter } from "../../credentials/credential-reporter.ts";
import { type CatalogTls, createTlsMaterial, type TlsMaterial } from "../../credentials/tls-material.ts";

/** Where a catalog answers: an http or https URL, or `unix://` and a socket's path. */
export interface CatalogEndpoint {
  readonly baseUrl: string;
  readonly socketPath?: string;
  /** Authorities to trust and our own certificate; for https. */
  readonly tls?: TlsMaterial;
}

export interface EndpointEnvironment {
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
}

const UNREPORTED: EndpointEnvironment = {
  clock: systemClock,
  reporter: { credentialsRenewed() {}, credentialsWarned() {} },
};

/**
 * Turns an address and TLS files into what the HTTP client needs. Throws AppError (exit code 78) where a file cannot be
 * used; later changes of the files are reported and followed.
 */
export function openEndpoint(
  address: string,
  tls: CatalogTls,
  { section }: Product,
  environment: EndpointEnvironment = UNREPORTED,
): CatalogEndpoint {
  if (address.startsWith("unix://")) {
    return { baseUrl: "http://localhost/v1", socketPath: address.slice("unix://".length) };
  }
  const baseUrl = `${address.replace(/\/+$/, "")}/v1`;
  if (!address.startsWith("https:")) return { baseUrl };
  return { baseUrl, tls: createTlsMaterial({ tls, section: `${section}.tls`, ...environment }) };
}
