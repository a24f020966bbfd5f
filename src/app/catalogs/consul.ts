import type { Settings } from "../../config/files/schema.ts";
import { PRODUCTS } from "../../sources/catalog/product.ts";
import { createConsulClient } from "../../sources/consul/client.ts";
import type { LoginSession } from "../../sources/consul/login/login-session.ts";
import { readAllByNode } from "../../sources/consul/read-all.ts";
import { createConsulSource } from "../../sources/consul/source.ts";
import type { HttpConnections } from "../../sources/http/client/connections.ts";
import { connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

export async function openConsul(settings: Settings["consul"], parts: SourceParts): Promise<OpenCatalog> {
  const connection = connectionTo(settings, PRODUCTS.consul, parts);
  const login = await loginOf(settings, connection.client.connections, parts);
  const client = createConsulClient({
    ...connection.client,
    ...(login === undefined ? {} : { readToken: login.readToken }),
    isCached: settings.cached,
    ...(settings.datacenter === undefined ? {} : { datacenter: settings.datacenter }),
    ...(settings.namespace === undefined ? {} : { namespace: settings.namespace }),
    ...(settings.partition === undefined ? {} : { partition: settings.partition }),
  });
  return {
    source: createConsulSource({ ...connection.source, client }),
    registrations: (pause, signal) => readAllByNode(client, pause, signal),
    async close() {
      await login?.close();
      client.close();
    },
  };
}

/** Loaded on demand: without a login in the settings its code is not needed in memory. */
async function loginOf(
  { login, ...settings }: Settings["consul"],
  connections: HttpConnections,
  { reporter }: SourceParts,
): Promise<LoginSession | undefined> {
  if (login === undefined) return undefined;
  const { openLogin } = await import("./login.ts");
  return openLogin({ ...settings, login }, connections, reporter);
}
