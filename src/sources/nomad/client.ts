import type { CatalogClient } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeInstances, decodeNamespaces, decodeServiceList } from "./decode.ts";
import { pathWithParameters } from "./path-with-parameters.ts";
import { splitServiceKey } from "./service-key.ts";

export interface NomadClientOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` for all that the token may read. Default: Nomad's, which is called `default`. */
  readonly namespace?: string;
}

export interface NomadClient extends CatalogClient {
  /**
   * Rejects with E_CATALOG_SETTING where Nomad tells its namespaces, and that of the settings is not among them: Nomad
   * answers for one that does not exist as for an empty one. A token that may not see it is told nothing, and nothing is said.
   */
  requireNamespace(signal: AbortSignal): Promise<void>;
}

/** Nomad's native services over HTTP. */
export function createNomadClient(options: NomadClientOptions): NomadClient {
  const { read, close } = createCatalogHttp(options, PRODUCTS.nomad);
  const { region } = options;

  async function namespaces(signal: AbortSignal): Promise<readonly string[]> {
    const query = {
      endpoint: "/v1/namespaces",
      ask: (request: CatalogRequest) => request.get(pathWithParameters("/namespaces", { region }, request)),
      decode: decodeNamespaces,
    };
    return (await read(query, { index: 0n, consistency: "stale", signal })).value;
  }

  return {
    services: (how) =>
      read(
        {
          endpoint: "/v1/services",
          isLarge: true,
          ask: (request) =>
            request.get(pathWithParameters("/services", { namespace: options.namespace, region }, request)),
          decode: decodeServiceList,
        },
        how,
      ),
    instances(service, how) {
      const { namespace, name } = splitServiceKey(service);
      const path = `/service/${encodeURIComponent(name)}`;
      return read(
        {
          endpoint: "/v1/service",
          ask: (request) => request.get(pathWithParameters(path, { namespace, region }, request)),
          decode: decodeInstances,
        },
        how,
      );
    },
    async requireNamespace(signal) {
      const { namespace } = options;
      if (namespace === undefined || namespace === "*") return;
      const known = await namespaces(signal).catch((error: unknown): readonly string[] => {
        if (error instanceof CatalogError && !error.isOutage) return [];
        throw error;
      });
      if (known.length === 0 || known.includes(namespace)) return;
      throw new CatalogError(
        "E_CATALOG_SETTING",
        `nomad.namespace: Nomad has no namespace ${JSON.stringify(namespace)} that the token may see; it has ${known.join(", ")}`,
      );
    },
    target(service) {
      if (service === undefined) return "/v1/services";
      const { namespace, name } = splitServiceKey(service);
      return `/v1/service/${name}?namespace=${namespace}`;
    },
    close,
  };
}
