import { type ConfigObject, isConfigObject } from "../traefik/chart/dynamic-config.ts";

/** The TLS settings of a router that states some. */
export interface RouterTls {
  /** The name of its TLS options in this chart, as far as it is one of this chart; `default` where it names none. */
  readonly options: string;
  /** Undefined where it asks no resolver for certificates. */
  readonly certResolver: string | undefined;
}

/** Undefined where a router states none: it has TLS all the same where its entry point brings some, which no chart tells. */
export function tlsOf({ tls }: ConfigObject): RouterTls | undefined {
  if (tls === undefined) return undefined;
  const stated = isConfigObject(tls) ? tls : {};
  return {
    options: String(stated["options"] || "default").replace(/@file$/, ""),
    certResolver: stated["certResolver"] === undefined ? undefined : String(stated["certResolver"]),
  };
}
