import type { RouteRow } from "../../api/resources/routes.ts";
import type { StatusAnswer } from "../../api/resources/status.ts";
import { quote, shellWord } from "../../core/diagnostics/shell-word.ts";

/** Where Traefik takes requests, as far as it is known. */
export interface Gateway {
  /** A name or an address, without brackets. */
  readonly host: string;
  /** The addresses of Traefik's entry points by their names, such as `:8000`; empty where its API is not asked. */
  readonly entryPoints: Readonly<Partial<Record<string, string>>>;
}

/** The Traefik that reads a chart. @param ingress the load balancer where the ledger names none */
export function gatewayOf(status: StatusAnswer | undefined, chart: string | undefined, ingress: string): Gateway {
  const edge = status?.edges.find(({ name }) => name === chart);
  return {
    host: status?.ingress[0]?.address ?? ingress,
    entryPoints: (edge?.chart ?? status?.chart)?.traefik?.entryPointAddresses ?? {},
  };
}

/**
 * A command that sends a request the way that this router takes, to the load balancer whatever the name resolves to. Brackets
 * and braces of a path are those of the path. Undefined
 * where none can be written: for TCP and UDP, and for a router without a host that is a name.
 */
export function curlOf(
  { protocol, hosts, paths, entryPoints }: Pick<RouteRow, "protocol" | "hosts" | "paths" | "entryPoints">,
  hasTls: boolean,
  gateway: Gateway,
): string | undefined {
  const host = hosts.find((one) => /^[a-z0-9.-]+$/i.test(one));
  if (protocol !== "http" || host === undefined) return undefined;
  const path = (paths[0] ?? "/").replace(/\*$/, "");
  const url = `${hasTls ? "https" : "http"}://${host}${path.startsWith("/") ? path : "/"}`;
  return `curl --globoff --connect-to ${shellWord(connectTo(entryPoints, hasTls, gateway))} ${quote(url)}`;
}

/** The same for a URL that was asked about. Undefined where it is none of HTTP, or has parts that are not shown. */
export function curlOfUrl(url: string, entryPoints: readonly string[], gateway: Gateway): string | undefined {
  if (url.includes("***") || !URL.canParse(url)) return undefined;
  const { protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  return `curl --globoff --connect-to ${shellWord(connectTo(entryPoints, protocol === "https:", gateway))} ${quote(url)}`;
}

/** As curl has it: whatever host and port the URL has, this host and port instead. An empty port is the URL's own. */
function connectTo(entryPoints: readonly string[], hasTls: boolean, { host, entryPoints: known }: Gateway): string {
  return `::${host.includes(":") ? `[${host}]` : host}:${portOf(entryPoints, hasTls, known)}`;
}

function portOf(names: readonly string[], hasTls: boolean, known: Gateway["entryPoints"]): string {
  const named = names.flatMap((name) => known[name] ?? []);
  // A router without entry points is at the default ones: all, but for Traefik's own pages.
  const others = Object.entries(known).flatMap(([name, address]) => (name === "traefik" ? [] : (address ?? [])));
  const ports = (named.length > 0 ? named : others).filter((address) => !address.endsWith("/udp")).map(portIn);
  return ports.find((port) => port.endsWith("443") === hasTls) ?? ports[0] ?? "";
}

function portIn(address: string): string {
  return /:(\d+)(?:\/\w+)?$/.exec(address)?.[1] ?? "";
}
