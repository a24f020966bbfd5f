import { parseIpAddress } from "../../go/ip-address.ts";
import type { Settings } from "../files/schema.ts";

type Address = Settings["listen"];

/**
 * What is wrong with the section `serve`: a chart holds password hashes, so that it leaves the machine by TLS only, and goes to
 * clients that have shown who they are.
 */
export function checkServe({ serve, listen }: Settings): readonly string[] {
  if (serve === undefined) return [];
  const { tls, tokenFile } = serve;
  const errors: string[] = [];
  const hasCertificate = tls.certFile !== undefined && tls.keyFile !== undefined;
  if (!hasCertificate && Object.keys(tls).length > 0) {
    errors.push(`serve.tls: found ${Object.keys(tls).join(" and ")} alone; certFile and keyFile are allowed together`);
  }
  if (!hasCertificate && !isLoopback(serve.listen.host)) {
    errors.push(
      `serve.listen: found ${written(serve.listen)} without TLS, and a chart holds password hashes; allowed are a loopback address, as in 127.0.0.1:${serve.listen.port}, or any with serve.tls: { certFile: FILE, keyFile: FILE }`,
    );
  }
  if (tokenFile === undefined && tls.caFile === undefined) {
    errors.push(
      "serve.tokenFile: found nothing; a file with a token is allowed: (umask 077; openssl rand -hex 32 > FILE); or serve.tls.caFile, which demands a certificate of the client",
    );
  }
  if (serve.listen.port !== 0 && serve.listen.port === listen.port && areOneHost(serve.listen.host, listen.host)) {
    errors.push(
      `serve.listen: found ${written(serve.listen)}, where health, metrics and status are (listen); another port is allowed`,
    );
  }
  return errors;
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || parseIpAddress(host)?.range() === "loopback";
}

/** A listener at all addresses listens at each of them. */
function areOneHost(one: string, other: string): boolean {
  const isWild = (host: string) => parseIpAddress(host)?.range() === "unspecified";
  return one === other || isWild(one) || isWild(other);
}

function written({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
