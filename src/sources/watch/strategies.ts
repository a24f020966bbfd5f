import type { CatalogClient } from "../catalog/catalog-client.ts";
import { watchPerService } from "./per-service.ts";
import type { Strategy } from "./strategy.ts";
import { listBytes, serviceBytes } from "./traffic.ts";

/** Requests beside those for services: the list, and a few reads at a time. */
const RESERVED = 4;

const BY_SERVICE = {
  // A new service is read once before its long poll begins.
  bytesPerChange: (shape: Parameters<typeof listBytes>[0]) => listBytes(shape) + serviceBytes(shape),
  watch: watchPerService,
};

/** A long poll for each service, each on a connection of its own. */
export const PER_SERVICE: Strategy<CatalogClient> = {
  ...BY_SERVICE,
  name: "per-service",
  requests: ({ services, requestsPerConnection }) => (requestsPerConnection > 1 ? undefined : services + RESERVED),
};

/** The same over HTTP/2, hundreds on a connection. */
export const MULTIPLEXED: Strategy<CatalogClient> = {
  ...BY_SERVICE,
  name: "multiplexed",
  requests: ({ services, requestsPerConnection }) => (requestsPerConnection > 1 ? services + RESERVED : undefined),
};
