import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { AppError, EXIT_CODES } from "../errors.ts";
import type { Product } from "./product.ts";

export interface CatalogTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** Where a catalog answers: an http or https URL, or `unix://` and a socket's path. */
export interface CatalogEndpoint {
  readonly baseUrl: string;
  readonly socketPath?: string;
  /** Whom to trust, and who we are; for https. */
  readonly tls?: ConnectionOptions;
}

/** Turns an address and TLS files into what the HTTP client needs. Throws AppError where a file cannot be read. */
export function openEndpoint(address: string, tls: CatalogTls, { section }: Product): CatalogEndpoint {
  if (address.startsWith("unix://")) {
    return { baseUrl: "http://localhost/v1", socketPath: address.slice("unix://".length) };
  }
  const baseUrl = `${address.replace(/\/+$/, "")}/v1`;
  if (!address.startsWith("https:")) return { baseUrl };
  return {
    baseUrl,
    tls: {
      minVersion: "TLSv1.2",
      rejectUnauthorized: tls.insecureSkipVerify !== true,
      ...(tls.caFile === undefined ? {} : { ca: readTlsFile(`${section}.tls.caFile`, tls.caFile) }),
      ...(tls.certFile === undefined ? {} : { cert: readTlsFile(`${section}.tls.certFile`, tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { key: readTlsFile(`${section}.tls.keyFile`, tls.keyFile) }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    },
  };
}

function readTlsFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new AppError(`${setting}: cannot read ${path} (${reason}); name a readable PEM file`, {
      code: "E_SETTINGS_FILE",
      retryable: false,
      exitCode: EXIT_CODES.badSettings,
    });
  }
}
