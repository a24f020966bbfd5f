import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
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
  readonly agent: HttpAgent | HttpsAgent;
}

/** TCP keepalive finds a peer that vanished without a word; the request's deadline is the second net. */
const KEEPALIVE_MS = 15_000;

/** Turns an address and TLS files into what the HTTP client needs. Throws AppError where a file cannot be read. */
export function openEndpoint(address: string, tls: CatalogTls, { section }: Product): CatalogEndpoint {
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
  return {
    baseUrl,
    agent: new HttpsAgent({
      ...keepAlive,
      minVersion: "TLSv1.2",
      rejectUnauthorized: tls.insecureSkipVerify !== true,
      ...(tls.caFile === undefined ? {} : { ca: readTlsFile(`${section}.tls.caFile`, tls.caFile) }),
      ...(tls.certFile === undefined ? {} : { cert: readTlsFile(`${section}.tls.certFile`, tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { key: readTlsFile(`${section}.tls.keyFile`, tls.keyFile) }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    }),
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
