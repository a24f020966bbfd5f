import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeAuthority } from "./certificates.ts";

/**
 * Writes the file by which an operator gives Traefik the certificate of hosts that have none. Without it Traefik makes one
 * (RSA) whenever anything changes, which is nearly all of what a small change costs it.
 *
 * @param watched where Traefik's file provider looks
 * @param root a directory beside it, for the certificate and its key
 */
export async function writeDefaultCertificate(watched: string, root: string): Promise<void> {
  const { cert, key } = makeAuthority(root, "default-certificate");
  const stores = { default: { defaultCertificate: { certFile: cert, keyFile: key } } };
  await writeFile(join(watched, "certificate.yml"), `${JSON.stringify({ tls: { stores } })}\n`);
}
