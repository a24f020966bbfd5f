import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogClient, CatalogRead, ServiceList } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeInstances, decodeNamespaces, decodeServiceList } from "./decode.ts";
import { createKnownNamespaces } from "./known-namespaces.ts";
import { pathWithParameters } from "./path-with-parameters.ts";
import { splitServiceKey } from "./service-key.ts";

export interface NomadClientOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` for all that the token may read. Default: Nomad's, which is called `default`. */
  readonly namespace?: string;
  /** With `*`: told of the namespaces that were shown before and that the token may not read any more. */
  denied?(namespaces: readonly string[]): void;
  /** With `*`: told of the namespaces that a list shows. */
  shown?(namespaces: ReadonlySet<string>): void;
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

  function servicesOf(namespace: string | undefined, how: CatalogRead): Promise<BlockingAnswer<ServiceList>> {
    const query = {
      endpoint: "/v1/services",
      isLarge: true,
      ask: (request: CatalogRequest) => request.get(pathWithParameters("/services", { namespace, region }, request)),
      decode: decodeServiceList,
    };
    return read(query, how);
  }

  const known = options.namespace === "*" ? createKnownNamespaces(servicesOf, options) : undefined;

  return {
    async services(how) {
      const answer = await servicesOf(options.namespace, how);
      await known?.listed(answer.value, how);
      return answer;
    },
    async recall(instances) {
      await known?.recall(new Set(instances.map(({ namespace }) => namespace)));
    },
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
