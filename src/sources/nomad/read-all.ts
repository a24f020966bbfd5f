import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogClient } from "../catalog/catalog-client.ts";
import { readOneByOne } from "../catalog/read-one-by-one.ts";

/**
 * Every registration that Nomad shows: the list of services, then each by itself, since Nomad has no list by node. Any server may
 * answer, and a service that is not told is asked for once more. Rejects with a CatalogError.
 *
 * @param pause is waited for before each service
 */
export async function readAllByService(
  client: Pick<CatalogClient, "services" | "instances">,
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<readonly ServiceInstance[]> {
  const how = { index: 0n, consistency: "stale", signal } as const;
  const { value: services } = await client.services(how);
  const ofService = async (service: string) => (await client.instances(service, how)).value;
  return readOneByOne(services.keys(), ofService, { pause, signal });
}
