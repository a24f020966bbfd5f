import { memoize } from "../incremental/memoize.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { CONNECTING_SECTIONS, type Connection, connectionsOf } from "../traefik/connections/connections.ts";

/**
 * A service of the catalog that stands in a file of the operator's where an address would:
 *
 * | written | means |
 * |---|---|
 * | `catalog://jwt/verify` | `http://HOST:PORT/verify` of an instance of `jwt`, in the namespace `default` |
 * | `catalog+https://jwt`, `catalog+h2c://jwt` | the same by these schemes |
 * | `catalog://jwt@team`, `catalog://jwt@dc1:`, `catalog://jwt@dc1:team` | of the namespace `team`; of the catalog `dc1`; of both |
 * | `catalog://jwt` where `HOST:PORT` is wanted | the instance's `HOST:PORT` |
 *
 * Without a catalog the first of the settings' `catalogs` is meant.
 */
export interface CatalogAddress {
  readonly service: string;
  readonly namespace?: string;
  readonly catalogName?: string;
  /** Undefined where `HOST:PORT` is wanted. */
  readonly scheme?: "http" | "https" | "h2c";
  /** What follows the address: path and query. */
  readonly rest: string;
}

const MARK = /^\s*catalog(?:\+[a-z0-9]*)?:/i;
const SHAPE = /^catalog(?:\+(https|h2c))?:\/\/([^/?#@]+)(?:@(?:([a-z0-9-]+):)?([^/?#@:]*))?([/?]\S*)?$/;

/** Whether a text is meant to name a service of the catalog: no address of Traefik's begins so. With spaces it is none of the forms. */
export function namesCatalog(text: string): boolean {
  return MARK.test(text);
}

/** What the text names; undefined where it is none of the forms. */
export function parseCatalogAddress({ text, form, path }: Connection): CatalogAddress | undefined {
  const [, scheme, service, catalogName, namespace = "", rest = ""] = SHAPE.exec(text) ?? [];
  if (service === undefined || /[\s:]/.test(service)) return undefined;
  if (form === "endpoint" && (scheme !== undefined || rest !== "")) return undefined;
  // Middlewares ask by HTTP/1.1, or by TLS.
  if (scheme === "h2c" && !isServer(path)) return undefined;
  return {
    service: decoded(service),
    ...(namespace === "" ? {} : { namespace: decoded(namespace) }),
    ...(catalogName === undefined ? {} : { catalogName }),
    ...(form === "endpoint" ? {} : { scheme: (scheme as "https" | "h2c" | undefined) ?? "http" }),
    rest,
  };
}

/** A name of Consul's may hold a slash, written `%2F`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isServer(path: string): boolean {
  return path.startsWith("loadBalancer.servers");
}

/** What is allowed there, for a message about what is none of it. */
export function catalogAddressForms({ form, path }: Connection): string {
  if (form === "endpoint") return "catalog://SERVICE, with @NAMESPACE or @CATALOG: behind it";
  const schemes = isServer(path) ? "catalog+https:// or catalog+h2c://" : "catalog+https://";
  return `catalog://SERVICE/PATH, or with ${schemes}, and @NAMESPACE or @CATALOG: behind the service`;
}

/** As it is written. */
export function catalogAddressText({ service, namespace = "", catalogName, scheme, rest }: CatalogAddress): string {
  const where =
    namespace === "" && catalogName === undefined
      ? ""
      : `@${catalogName === undefined ? "" : `${catalogName}:`}${namespace}`;
  const how = scheme === undefined || scheme === "http" ? "" : `+${scheme}`;
  return `catalog${how}://${service.replaceAll("/", "%2F")}${where}${rest}`;
}

/** A place in a file where a service of the catalog is named. */
export interface NamedByFile extends CatalogAddress {
  readonly key: ResourceKey;
  readonly text: string;
}

/** Every service of the catalog that the operator's files name in place of an address. Remembered with their content. */
export const namedByFiles = memoize((config: DynamicConfig): readonly NamedByFile[] =>
  CONNECTING_SECTIONS.flatMap((section) =>
    [...config[section]].flatMap(([name, object]) =>
      connectionsOf(section, object).flatMap((connection) => {
        if (!namesCatalog(connection.text)) return [];
        const address = parseCatalogAddress(connection);
        return address === undefined ? [] : [{ ...address, key: resourceKey(section, name), text: connection.text }];
      }),
    ),
  ),
);
