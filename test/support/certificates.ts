import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Two PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Signs certificates that are good for a day. */
export interface Authority extends Certificate {
  /** @param extension as in OpenSSL's x509v3_config, such as `extendedKeyUsage=clientAuth` */
  sign(name: string, extension: string): Certificate;
}

/** An authority of its own; its files, and those of what it signs, lie in the directory by their names. */
export function makeAuthority(directory: string, name: string): Authority {
  const files = (of: string) => ({ cert: join(directory, `${of}.pem`), key: join(directory, `${of}.key`) });
  const own = files(name);
  openssl("req", "-x509", ...CURVE, "-keyout", own.key, "-out", own.cert, "-subj", `/CN=${name}`, "-days", "1");
  return {
    ...own,
    sign(of, extension) {
      const signed = files(of);
      const [csr, ext] = [join(directory, `${of}.csr`), join(directory, `${of}.ext`)];
      writeFileSync(ext, `${extension}\n`);
      openssl("req", "-new", ...CURVE, "-keyout", signed.key, "-out", csr, "-subj", `/CN=${of}`);
      const authority = ["-CA", own.cert, "-CAkey", own.key, "-CAcreateserial"];
      openssl("x509", "-req", "-in", csr, ...authority, "-out", signed.cert, "-days", "1", "-extfile", ext);
      return signed;
    },
  };
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
