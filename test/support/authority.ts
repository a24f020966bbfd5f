import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A new authority, made by openssl in a directory of its own; its certificates are good for a day. */
export function createAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), "portolan-ca-"));
  const file = (name: string) => join(directory, name);

  function openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }

  const [caFile, caKey] = [file("ca.pem"), file("ca.key")];
  openssl("req", "-x509", ...KEY, "-keyout", caKey, "-out", caFile, "-subj", "/CN=ca", "-days", "1");

  return {
    directory,
    caFile,
    caPem: readFileSync(caFile, "utf8"),
    issue(name, ...subjectAltNames) {
      const [certFile, keyFile] = [file(`${name}.pem`), file(`${name}.key`)];
      const [request, extensions] = [file(`${name}.csr`), file(`${name}.ext`)];
      writeFileSync(extensions, subjectAltNames.length === 0 ? "" : `subjectAltName=${subjectAltNames.join(",")}\n`);
      openssl("req", "-new", ...KEY, "-keyout", keyFile, "-out", request, "-subj", `/CN=${name}`);
      const signed = ["-CA", caFile, "-CAkey", caKey, "-CAcreateserial", "-days", "1", "-extfile", extensions];
      openssl("x509", "-req", "-in", request, ...signed, "-out", certFile);
      return { certFile, keyFile, certPem: readFileSync(certFile, "utf8"), keyPem: readFileSync(keyFile, "utf8") };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
