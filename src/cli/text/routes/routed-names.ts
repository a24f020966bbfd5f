import type { RouteRow } from "../../../api/resources/routes.ts";
import type { Protocol } from "../../../core/traefik/chart/dynamic-config.ts";

/** A host of routes for which a name can be written down. */
export interface RoutedName {
  /** In lower case. */
  readonly name: string;
  readonly routers: readonly string[];
}

/** A host of routes that is no name by itself. */
export interface OtherHost {
  /** As `RouteRow.hosts` has it. */
  readonly host: string;
  readonly kind: "wildcard" | "pattern" | "any" | "address" | "own-machine" | "no-name";
  readonly routers: readonly string[];
}

export interface RoutedHosts {
  readonly names: readonly RoutedName[];
  readonly others: readonly OtherHost[];
}

type Route = Pick<RouteRow, "hosts" | "router"> & { readonly protocol: Protocol };

/**
 * The hosts of these routes, each once, in their order as names:
 *
 * | the host | kind |
 * |---|---|
 * | `shop.example.org` | a name |
 * | `*.example.org` | `wildcard`: a zone may have it, a hosts file not |
 * | `api-*`, `*-eu.example.org` | `pattern`, of a regular expression |
 * | `*` | `any`: the rule names no host |
 * | `10.0.0.1` | `address`: it needs no name |
 * | `localhost`, and names below it | `own-machine`: it means another machine to each |
 * | what no name of DNS can be | `no-name`: a tenant writes the rule |
 *
 * UDP has no hosts.
 */
export function routedHosts(routes: readonly Route[]): RoutedHosts {
  const routersOf = new Map<string, Set<string>>();
  for (const { hosts, router, protocol } of routes) {
    if (protocol === "udp") continue;
    for (const host of hosts) {
      const known = routersOf.get(host) ?? new Set();
      routersOf.set(host, known.add(router));
    }
  }
  const names: RoutedName[] = [];
  const others: OtherHost[] = [];
  for (const host of [...routersOf.keys()].toSorted(byName)) {
    const routers = [...(routersOf.get(host) ?? [])].toSorted();
    const kind = kindOf(host);
    if (kind === "name") names.push({ name: host.toLowerCase(), routers });
    else others.push({ host, kind, routers });
  }
  return { names, others };
}

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`, "i");

function kindOf(host: string): OtherHost["kind"] | "name" {
  if (host === "*") return "any";
  if (host.startsWith("*.") && NAME.test(host.slice(2))) return "wildcard";
  if (host.includes("*")) return "pattern";
  if (/^\[?[0-9a-f:.]*:[0-9a-f:.]*\]?$/i.test(host) || /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(host)) return "address";
  if (!NAME.test(host)) return "no-name";
  return /(?:^|\.)localhost$/i.test(host) ? "own-machine" : "name";
}

/** By domain, then by what stands before it, so that a site's names come together. */
function byName(one: string, other: string): number {
  const [first, second] = [one, other].map((host) => host.toLowerCase().split(".").toReversed().join("."));
  return (first ?? "") < (second ?? "") ? -1 : 1;
}
