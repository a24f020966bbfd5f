import { type DynamicConfig, protocolOf, SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf } from "../../src/core/traefik/chart/references.ts";

/** What an operator has to bring for a chart: entry points, and in a file of his own what the chart names `…@file`. */
export interface OperatorsSide {
  /** Names of entry points; those of UDP are their own. */
  readonly entryPoints: ReadonlyMap<string, "tcp" | "udp">;
  /** The file's content, as JSON, which is YAML. */
  readonly file: string;
}

const OF_FILE = "@file";

/** The least that serves all of these charts. */
export function operatorsSideOf(charts: readonly DynamicConfig[]): OperatorsSide {
  const entryPoints = new Map<string, "tcp" | "udp">();
  const file: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const chart of charts) {
    for (const section of SECTIONS) {
      for (const object of chart[section].values()) {
        for (const name of [object["entryPoints"] ?? []].flat()) {
          entryPoints.set(String(name), protocolOf(section) === "udp" ? "udp" : "tcp");
        }
        for (const reference of referencesOf(section, object)) {
          const target = targetOf(section, reference);
          if (!reference.name.endsWith(OF_FILE) || target === undefined) continue;
          const [top = "", kind = ""] = target.split("/");
          file[top] ??= {};
          file[top][kind] ??= {};
          file[top][kind][reference.name.slice(0, -OF_FILE.length)] = stubOf(top, reference);
        }
      }
    }
  }
  return { entryPoints, file: `${JSON.stringify(file)}\n` };
}

/** Something of the kind that does no harm. */
function stubOf(protocol: string, { kind }: NamedReference): object {
  switch (kind) {
    case "middleware":
      return protocol === "tcp"
        ? { inFlightConn: { amount: 100 } }
        : { headers: { customRequestHeaders: { "X-Auth": "yes" } } };
    case "service":
      return {
        loadBalancer: { servers: [protocol === "http" ? { url: "http://127.0.0.1:9" } : { address: "127.0.0.1:9" }] },
      };
    case "serversTransport":
      return {};
    case "tlsOptions":
      return { minVersion: "VersionTLS12" };
  }
}
