import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { CredentialReporter } from "./credential-reporter.ts";
import { reasonOf } from "./secret-file.ts";
import { watchFiles } from "./watched-files.ts";

/** The settings of a catalog's section `tls`. */
export interface CatalogTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

/** What `tls.connect` and everything built upon it take. */
export interface TlsOptions {
  readonly minVersion: "TLSv1.2";
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Certificates that may be replaced while they are in use. */
export interface TlsMaterial {
  /**
   * What a new connection is opened with: the same object as long as no file has changed, so that `===` tells whether a
   * connection is still opened with what counts. Looks at the files once a second at most.
   */
  current(): TlsOptions;
}

export interface TlsMaterialOptions {
  readonly tls: CatalogTls;
  /** The section of the settings, for messages: `consul.tls`. */
  readonly section: string;
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
}

const FILES = { ca: "caFile", cert: "certFile", key: "keyFile" } as const;

/**
 * Reads the files that the settings name, and again when one of them has changed. Files that cannot be used, for instance
 * a certificate whose new key is not there yet, leave the old ones in use, and that is reported. Throws AppError (exit code
 * 78) where they cannot be used at the start.
 */
export function createTlsMaterial({ tls, section, clock, reporter }: TlsMaterialOptions): TlsMaterial {
  const files = watchFiles(
    Object.values(FILES).flatMap((field) => tls[field] ?? []),
    clock,
  );
  // Before the first reading, so that a change during it is noticed.
  files.haveChanged();
  let options = read(tls, section);
  return {
    current() {
      if (!files.haveChanged()) return options;
      try {
        options = read(tls, section);
        reporter.credentialsRenewed(`${section}: files were read again; new connections are opened with them`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        reporter.credentialsWarned(`${error.message}; what was read before stays in use`);
      }
      return options;
    },
  };
}

function read(tls: CatalogTls, section: string): TlsOptions {
  const pem: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = tls[FILES[part]];
    if (path !== undefined) pem[part] = readPem(`${section}.${FILES[part]}`, path, part);
  }
  try {
    createSecureContext(pem);
  } catch (error) {
    throw unusable(`${section}: certFile ${tls.certFile} and keyFile ${tls.keyFile} ${explainPair(reasonOf(error))}`);
  }
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: tls.insecureSkipVerify !== true,
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...pem,
  };
}

function readPem(setting: string, path: string, part: keyof typeof FILES): string {
  let text: string;
  try {
    // Opening a pipe waits for its writer, and the whole process with it.
    text = statSync(path).isFIFO() ? "" : readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(`${setting}: cannot read ${path} (${reasonOf(error)}); name a readable PEM file`);
  }
  const isWhole = part === "key" ? /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) : holdsCertificates(text);
  if (isWhole) return text;
  const wanted = part === "key" ? "a private key" : "certificates from their BEGIN to their END";
  throw unusable(`${setting}: ${path} holds something else than ${wanted}; name a PEM file`);
}

/** OpenSSL takes as many certificates of a list as it understands and is silent about a rest that was cut off. */
function holdsCertificates(text: string): boolean {
  const begun = text.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  const whole = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return begun > 0 && begun === whole.length && whole.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== "";
  } catch {
    return false;
  }
}

function explainPair(code: string): string {
  if (code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH") {
    return "do not belong together; replace both (the key first, since the certificate is of no use without it)";
  }
  return `cannot be used (${code}); a certificate and its unencrypted key in PEM are allowed`;
}

function unusable(message: string): AppError {
  return new AppError(message, { code: "E_SETTINGS_FILE", retryable: false, exitCode: EXIT_CODES.badSettings });
}
