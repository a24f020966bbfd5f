import { systemClock } from "../../clock.ts";
import type { Settings } from "../../config/schema.ts";
import { createConsulClient } from "../../sources/consul/client.ts";
import type { LoginSession } from "../../sources/consul/login-session.ts";
import { createConsulSource } from "../../sources/consul/source.ts";
import { CONSUL } from "../../sources/product.ts";
import { type Connection, connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

export async function openConsul(settings: Settings["consul"], parts: SourceParts): Promise<OpenCatalog> {
  const connection = connectionTo(settings, CONSUL, parts.reporter);
  const login = await loginOf(settings, connection, parts);
  const client = createConsulClient({
    ...connection,
    ...(login === undefined ? {} : { readToken: login.readToken }),
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
  return {
    source,
    async close() {
      await login?.close();
      client.close();
    },
  };
}

/** Loaded on demand: who brings a token of his own does not need the login's HTTP client in memory. */
async function loginOf(
  { login, ...settings }: Settings["consul"],
  connection: Connection,
  { reporter }: SourceParts,
): Promise<LoginSession | undefined> {
  if (login === undefined) return undefined;
  const { openLogin } = await import("./login.ts");
  return openLogin({ ...settings, login }, connection, reporter);
}
