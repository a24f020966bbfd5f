import { memoize } from "../../incremental/memoize.ts";
import { type ConfigObject, isConfigObject, protocolOf, type RouterSection } from "../chart/dynamic-config.ts";
import { callsOf, parseExpression } from "../predicate/expression.ts";
import { findMatcher } from "../rule/matchers.ts";
import { hostName } from "./matcher-reach.ts";

/** For which hosts Traefik takes the TLS settings of a router, whatever requests its rule can match. */
export interface TlsHosts {
  /** Every host that the rule names in `Host` or `HostSNI`, negated and unreachable ones as well, in lower case. */
  readonly named: readonly string[];
  /** Every host of `tls.domains` but patterns such as `*.example.org`. */
  readonly domains: readonly string[];
}

/** From `ParseDomains` and `ParseHostSNI` of Traefik, which look for the matchers alone. UDP routers have no TLS. */
export function tlsHostsOf(section: RouterSection, router: ConfigObject): TlsHosts {
  return FINDERS[section](router);
}

const NONE: TlsHosts = { named: [], domains: [] };

const FINDERS: Readonly<Record<RouterSection, (router: ConfigObject) => TlsHosts>> = {
  "http/routers": memoize((router: ConfigObject) => tlsHosts("http/routers", "Host", router)),
  "tcp/routers": memoize((router: ConfigObject) => tlsHosts("tcp/routers", "HostSNI", router)),
  "udp/routers": () => NONE,
};

function tlsHosts(section: "http/routers" | "tcp/routers", matcher: string, router: ConfigObject): TlsHosts {
  const expression = parseExpression(String(router["rule"] ?? ""));
  const protocol = protocolOf(section) === "tcp" ? "tcp" : "http";
  const calls = expression.kind === "flaw" ? [] : [...callsOf(expression)];
  const values = calls
    .filter(({ name }) => findMatcher(protocol, name.text)?.name === matcher)
    .flatMap((call) => call.arguments.map(({ value }) => value));
  return { named: namesIn(values), domains: namesIn(domainsIn(router["tls"])) };
}

function domainsIn(tls: ConfigObject[string] | undefined): readonly string[] {
  const domains = isConfigObject(tls) ? tls["domains"] : undefined;
  if (!Array.isArray(domains)) return [];
  return domains.flatMap((domain) =>
    isConfigObject(domain) ? [domain["main"], domain["sans"]].flat().map((name) => String(name ?? "")) : [],
  );
}

function namesIn(values: readonly string[]): readonly string[] {
  return [...new Set(values.map(hostName))].filter((name) => name !== "" && !name.includes("*"));
}
