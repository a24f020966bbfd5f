import { createCatalogClient } from "../../test/support/catalog-client.ts";
import type { Tool } from "../../test/support/real-binaries.ts";
import { startRealConsul } from "../../test/support/real-consul.ts";
import type { Change } from "../lifecycle.ts";
import { deregistrationOf, type Instance, registrationOf } from "../world.ts";

export interface PeerConsul {
  readonly url: string;
  prepare(change: Change): Promise<() => Promise<void>>;
  /** Reads of the catalog and of health that it has answered, by its own count: a long poll counts when it ends. */
  readsAnswered(): Promise<number>;
  stop(): Promise<void>;
}

const REGISTRATIONS_AT_A_TIME = 8;

/** A Consul for one peer alone, so that a change for one peer wakes no other; with the world registered. */
export async function startPeerConsul(tool: Tool, world: readonly Instance[]): Promise<PeerConsul> {
  const consul = await startRealConsul(tool, {
    hcl: 'telemetry { prometheus_retention_time = "1h", disable_hostname = true }',
  });
  const client = createCatalogClient(consul.url);
  const waiting = world.values();
  async function registerSome(): Promise<void> {
    for (const instance of waiting) await client.register(registrationOf(instance));
  }
  await Promise.all(Array.from({ length: REGISTRATIONS_AT_A_TIME }, registerSome));

  return {
    url: consul.url,
    async prepare({ kind, instance }) {
      if (kind === "gone") return () => client.deregister(deregistrationOf(instance));
      return () => client.register(registrationOf(instance, kind));
    },
    async readsAnswered() {
      const { body } = await client.get("/v1/agent/metrics?format=prometheus");
      return [...String(body).matchAll(/^consul_http_GET_v1_(?:catalog|health)_\w*_count (\d+)/gm)]
        .map(([, count]) => Number(count))
        .reduce((sum, count) => sum + count, 0);
    },
    stop: () => consul.stop(),
  };
}
