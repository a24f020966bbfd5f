import { ipBits } from "./ip-address.ts";

const CONTROL = /[^ -~\u0080-\u{10ffff}]/u;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const ESCAPES = /^(?:[^%]|%[0-9A-Fa-f]{2})*$/;
/** ASCII that may stand for itself, anything beyond ASCII, and escapes of it. */
const HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=:[\]<>"-]|[^\0-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*$/;
const PORT = /^(?::[0-9]*)?$/;
const USER = /^(?:[A-Za-z0-9._:~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})*$/;
/** Which escapes a zone may have is left to Go. */
const ZONE = /^(?:%[0-9A-Fa-f]{2}|[^\0-\x7f]|[A-Za-z0-9._~!$&'()*+,;=:<>"-])*$/;

/** Scheme, name or IPv4 address, and port: nearly all there are. */
const PLAIN = /^https?:\/\/[A-Za-z0-9.-]+:[0-9]+$/;

/**
 * Why Go's `url.Parse` refuses a text, to follow "the URL"; undefined where it takes it, which says little: `localhost:80`
 * is a URL of the scheme `localhost`. The message repeats nothing of the URL, which may hold a password.
 */
export function urlProblem(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  const [beforeFragment = "", ...fragment] = text.split("#");
  if (CONTROL.test(beforeFragment)) return "has a control character";
  if (beforeFragment.startsWith(":")) return "begins with a colon instead of a scheme";
  if (!ESCAPES.test(fragment.join("#"))) return BAD_ESCAPE;
  const scheme = SCHEME.exec(beforeFragment)?.[0] ?? "";
  const [rest = ""] = beforeFragment.slice(scheme.length).split("?");
  if (!rest.startsWith("/")) return scheme === "" ? relativeProblem(rest) : undefined;
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) return pathProblem(rest);
  const [authority = "", ...path] = rest.slice(2).split("/");
  return authorityProblem(scheme.toLowerCase(), authority) ?? pathProblem(path.join("/"));
}

const BAD_ESCAPE = "has a % without two hexadecimal digits";

function pathProblem(path: string): string | undefined {
  return ESCAPES.test(path) ? undefined : BAD_ESCAPE;
}

function relativeProblem(rest: string): string | undefined {
  const [segment = ""] = rest.split("/");
  return segment.includes(":") ? "has no scheme before host and port" : pathProblem(rest);
}

function authorityProblem(scheme: string, authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  return hostProblem(scheme, host) ?? (at < 0 || USER.test(authority.slice(0, at)) ? undefined : "has a bad user name");
}

function hostProblem(scheme: string, host: string): string | undefined {
  if (host.includes("[")) return literalProblem(host);
  // Only for http and https Go insists on a single colon.
  const isWeb = scheme === "http:" || scheme === "https:";
  const colon = isWeb ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0 && !PORT.test(host.slice(colon))) return "has a port that is no number";
  return HOST.test(host) ? undefined : "has a character that no host may have";
}

function literalProblem(host: string): string | undefined {
  const end = host.lastIndexOf("]");
  if (!host.startsWith("[") || host.lastIndexOf("[") > 0 || end < 0) return "has a stray bracket in its host";
  if (!PORT.test(host.slice(end + 1))) return "has a port that is no number";
  const [address = "", ...zone] = host.slice(1, end).split("%25");
  if (ipBits(address) !== 128) return "has no IPv6 address in its brackets";
  const isZoneSound = zone.length === 0 || (zone.join("%25") !== "" && ZONE.test(zone.join("%25")));
  return isZoneSound ? undefined : "has a bad zone in its IPv6 address";
}
