import type { CatalogClient } from "../catalog/catalog-client.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { type CatalogConnection, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeInstances, decodeServiceList } from "./decode.ts";
import { pathWithParameters } from "./path-with-parameters.ts";
import { splitServiceKey } from "./service-key.ts";

export interface NomadClientOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` for all that the token may read. Default: Nomad's, which is called `default`. */
  readonly namespace?: string;
}

/** Nomad's native services over HTTP. */
export function createNomadClient(options: NomadClientOptions): CatalogClient {
  const { read, close } = createCatalogHttp(options, PRODUCTS.nomad);
  const { region } = options;

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
    target(service) {
      if (service === undefined) return "/v1/services";
      const { namespace, name } = splitServiceKey(service);
      return `/v1/service/${name}?namespace=${namespace}`;
    },
    close,
  };
}
