import type { Settings } from "../../config/schema.ts";
import { createConsulClient } from "../../sources/consul/client.ts";
import { createConsulSource } from "../../sources/consul/source.ts";
import { SERVERS_NAME } from "../../sources/consul/watch/own-servers.ts";
import { CONSUL } from "../../sources/product.ts";
import { connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

export function openConsul(settings: Settings["consul"], parts: SourceParts): OpenCatalog {
  const connection = connectionTo(settings, CONSUL, parts, SERVERS_NAME);
  const client = createConsulClient({
    ...connection.client,
    isCached: settings.cached,
    ...(settings.datacenter === undefined ? {} : { datacenter: settings.datacenter }),
    ...(settings.namespace === undefined ? {} : { namespace: settings.namespace }),
    ...(settings.partition === undefined ? {} : { partition: settings.partition }),
  });
  return { source: createConsulSource({ ...connection.source, client }), close: () => client.close() };
}
