import { type DynamicConfig, protocolOf, SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf } from "../../src/core/traefik/chart/references.ts";

/** The entry points that routers of these charts name, by name; those of UDP are their own. */
export function entryPointsOf(charts: readonly DynamicConfig[]): ReadonlyMap<string, "tcp" | "udp"> {
  const found = new Map<string, "tcp" | "udp">();
  for (const chart of charts) {
    for (const section of SECTIONS) {
      for (const { entryPoints = [] } of chart[section].values()) {
        for (const name of [entryPoints].flat()) found.set(String(name), protocolOf(section) === "udp" ? "udp" : "tcp");
      }
    }
  }
  return found;
}

/** A file that an operator has beside a chart. */
export interface OperatorsFile {
  /** Its content, as JSON, which is YAML. */
  readonly text: string;
  /** Its services, as Traefik's API names them. */
  readonly services: ReadonlySet<string>;
}

const OF_FILE = "@file";

/** What a chart names `…@file` and does not define itself, each as something that does no harm. */
export function operatorsFileFor(chart: DynamicConfig): OperatorsFile {
  const services = new Set<string>();
  const content: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const section of SECTIONS) {
    for (const reference of [...chart[section].values()].flatMap((object) => referencesOf(section, object))) {
      const target = targetOf(section, reference);
      const name = reference.name.slice(0, -OF_FILE.length);
      if (!reference.name.endsWith(OF_FILE) || target === undefined || chart[target].has(name)) continue;
      if (target === "http/services") services.add(reference.name);
      const [protocol = "", kind = ""] = target.split("/");
      content[protocol] ??= {};
      content[protocol][kind] ??= {};
      content[protocol][kind][name] = stubOf(protocol, reference);
    }
  }
  return { text: `${JSON.stringify(content)}\n`, services };
}

function stubOf(protocol: string, { kind }: NamedReference): object {
  switch (kind) {
    case "middleware":
      return protocol === "tcp"
        ? { inFlightConn: { amount: 100 } }
        : { headers: { customRequestHeaders: { "X-Auth": "yes" } } };
    case "service": {
      const server = protocol === "http" ? { url: "http://127.0.0.1:9" } : { address: "127.0.0.1:9" };
      return { loadBalancer: { servers: [server] } };
    }
    case "serversTransport":
      return {};
    case "tlsOptions":
      return { minVersion: "VersionTLS12" };
  }
}
