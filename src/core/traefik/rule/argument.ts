import { isIpRange } from "../../../go/ip-address.ts";
import { compileRegex } from "../../../go/regex.ts";
import { quoted } from "../predicate/flaw.ts";

/** Why Traefik refuses an argument when it adds the route, or undefined where it takes it. */
export type ArgumentCheck = (value: string) => ArgumentProblem | undefined;

export interface ArgumentProblem {
  readonly message: string;
  readonly remedy: string;
}

/** Traefik's own pattern of a server name: letters, digits and `_` of ASCII, and `.`, `-`, `:`. */
const HOST_OR_IP = /^[0-9A-Za-z_.:-]+$/;
/** The protocol of certificate challenges, which Traefik keeps to itself. */
const ACME_TLS = "acme-tls/1";

/** Traefik compares the argument as it is. */
export function anyText(): undefined {}

/** A host is compared with what browsers send, which is ASCII. */
export function asciiHost(value: string): ArgumentProblem | undefined {
  if (isAscii(value)) return;
  return {
    message: `${quoted(value)} has characters beyond ASCII, which no host may have`,
    remedy: "write the host in its ASCII form (xn--…)",
  };
}

/** RE2 in Go's dialect, unanchored. */
export function regex(value: string): ArgumentProblem | undefined {
  const compiled = compileRegex(value);
  if (compiled.kind === "compiled") return;
  return {
    message: `${quoted(value)} is no regular expression of Go: ${compiled.reason}`,
    remedy: "correct it; look-around and back references do not exist there",
  };
}

/** A regular expression that is compared with a host. */
export function asciiRegex(value: string): ArgumentProblem | undefined {
  return asciiHost(value) ?? regex(value);
}

/** Every request's path begins with a slash. */
export function absolutePath(value: string): ArgumentProblem | undefined {
  if (value.startsWith("/")) return;
  return { message: `path ${quoted(value)} does not begin with "/"`, remedy: 'begin the path with "/"' };
}

/** Of the client: one address, or a range in CIDR notation. */
export function ipRange(value: string): ArgumentProblem | undefined {
  if (isIpRange(value)) return;
  return {
    message: `${quoted(value)} is neither an IP address nor a range`,
    remedy: "write an address (10.1.2.3, fd00::1) or a range (10.0.0.0/8, fd00::/8)",
  };
}

/** What a TLS client asks for; `*` is any client, with TLS or without. */
export function serverName(value: string): ArgumentProblem | undefined {
  if (value === "*" || HOST_OR_IP.test(value)) return;
  return {
    message: `${quoted(value)} is no server name; allowed are letters, digits, ".", "-", "_", ":" and "*" alone`,
    remedy: "write one host name, `*` for all, or use HostSNIRegexp",
  };
}

/** What a TLS client offers to speak. */
export function alpnProtocol(value: string): ArgumentProblem | undefined {
  if (value !== ACME_TLS) return;
  return { message: `protocol "${ACME_TLS}" is reserved for certificate challenges`, remedy: "name another protocol" };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
