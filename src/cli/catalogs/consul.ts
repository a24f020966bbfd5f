import { systemClock } from "../../clock.ts";
import type { Settings } from "../../config/schema.ts";
import { createConsulClient } from "../../sources/consul/client.ts";
import { createConsulSource } from "../../sources/consul/source.ts";
import { CONSUL } from "../../sources/product.ts";
import { connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

export function openConsul(settings: Settings["consul"], parts: SourceParts): OpenCatalog {
  const connection = connectionTo(settings, CONSUL, parts.reporter);
  const client = createConsulClient({
    ...connection,
    ...(settings.datacenter === undefined ? {} : { datacenter: settings.datacenter }),
    ...(settings.namespace === undefined ? {} : { namespace: settings.namespace }),
    ...(settings.partition === undefined ? {} : { partition: settings.partition }),
    requested: (endpoint) => parts.reporter.requested(endpoint),
  });
  const source = createConsulSource({
    ...parts,
    client,
    budget: connection.budget,
    parallelReads: settings.parallelReads,
    clock: systemClock,
    random: Math.random,
  });
  return { source, close: async () => client.close() };
}
