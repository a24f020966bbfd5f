import { memoize } from "../incremental/memoize.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { Protocol } from "../ports/ledger/ledger.ts";
import type { StaticPort } from "../ports/static-port.ts";
import { hostPortAt, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { type ResourceKey, resourceKey, transportOf } from "../traefik/chart/dynamic-config.ts";
import { CONNECTING_SECTIONS, connectionsOf } from "../traefik/connections/connections.ts";

/** A fixed address that a file of the operator's sends requests to: one that no catalog keeps up to date. */
export interface StaticPlace {
  /** The service or middleware that points there. */
  readonly key: ResourceKey;
  /** The file that defines it. */
  readonly origin: string;
  /** As written: `http://192.168.30.6:5000`. It may hold a password. */
  readonly text: string;
  /** Of a URL, in lower case; undefined for `HOST:PORT`. */
  readonly scheme?: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** `HOST:PORT`, in lower case: by it registrations are found. */
  readonly hostPort: string;
}

/** Every fixed address in the operator's files, in their order. Remembered with the files' content. */
export const staticPlacesOf = memoize(({ config, origins, resolved = [] }: OperatorConfig): readonly StaticPlace[] => {
  const places: StaticPlace[] = [];
  // What the catalog keeps up to date is no fixed address.
  const located = new Set(resolved.flatMap(({ key, texts }) => texts.map((text) => `${key} ${text}`)));
  for (const section of CONNECTING_SECTIONS) {
    for (const [name, object] of config[section]) {
      const key = resourceKey(section, name);
      const protocol = transportOf(section);
      for (const { text } of connectionsOf(section, object)) {
        const target = parseBackendUrl(text) ?? parseEndpoint(text);
        if (target === undefined || located.has(`${key} ${text}`)) continue;
        const { host, port } = target;
        const scheme = "scheme" in target ? { scheme: String(target.scheme) } : {};
        const hostPort = hostPortAt(host, port);
        places.push({ key, origin: origins.get(key) ?? "", text, ...scheme, host, port, protocol, hostPort });
      }
    }
  }
  return places;
});

/** The ports of these addresses, for the table of ports. */
export function staticPortsOf(operatorConfig: OperatorConfig): readonly StaticPort[] {
  return staticPlacesOf(operatorConfig).map(({ key, host, port, protocol }) => ({
    ...{ port, protocol, host: host.replace(/^\[|\]$/g, "") },
    name: key,
  }));
}

/** The service that a name in Consul's DNS stands for: `jwt.service.consul`, `v1.jwt.service.dc1.consul`. */
export function consulNameOf(host: string): string | undefined {
  return /^(?:[^.]+\.)?([^.]+)\.service(?:\.[^.]+){0,2}\.consul\.?$/i.exec(host)?.[1];
}
