import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates.ts";

/** A certificate and its key, as files and as their contents. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** Signs certificates for one test run; nothing of it outlives `remove`. */
export interface Authority {
  /** Holds all of its files. */
  readonly directory: string;
  readonly caFile: string;
  readonly caPem: string;
  /** One for a server of these names, "DNS:server.dc1.consul", "IP:127.0.0.1"; good for a client as well. */
  issue(name: string, ...subjectAltNames: readonly string[]): Certificate;
  remove(): void;
}

/** A new authority, in a directory of its own; its certificates are good for a day. */
export function createAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), "portolan-ca-"));
  const ca = makeAuthority(directory, "ca");
  return {
    directory,
    caFile: ca.cert,
    caPem: readFileSync(ca.cert, "utf8"),
    issue(name, ...subjectAltNames) {
      const names = subjectAltNames.length === 0 ? "" : `subjectAltName=${subjectAltNames.join(",")}`;
      const { cert, key } = ca.sign(name, names);
      return { certFile: cert, keyFile: key, certPem: readFileSync(cert, "utf8"), keyPem: readFileSync(key, "utf8") };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
