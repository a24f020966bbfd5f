import type { CatalogClient } from "../catalog/catalog-client.ts";
import type { CatalogShape } from "../watch/catalog-shape.ts";
import { watchByHints } from "../watch/hinted.ts";
import type { ServiceHints } from "../watch/service-hints.ts";
import { MULTIPLEXED, PER_SERVICE } from "../watch/strategies.ts";
import type { Strategies, Strategy } from "../watch/strategy.ts";
import { watchByServiceSweeps } from "../watch/sweep.ts";
import { listBytes, serviceBytes } from "../watch/traffic.ts";

/** Requests beside the streams: the list, and a few reads at a time. */
const RESERVED = 4;
/** What an event stream says of one change: the registration, its allocation twice or thrice, its deployment. */
const EVENTS_BYTES = 20_000;

const SWEEP: Strategy<CatalogClient> = {
  name: "sweep",
  requests: () => undefined,
  bytesPerChange: (shape) => listBytes(shape) + shape.services * serviceBytes(shape),
  watch: watchByServiceSweeps,
};

/** What Nomad's event stream hints at is read. It fits as long as the stream is heard, or is to be expected. */
function byHints(hints: ServiceHints): Strategy<CatalogClient> {
  return {
    name: "stream",
    requests: () => (hints.standing === "unheard" ? Number.POSITIVE_INFINITY : hints.connections + RESERVED),
    bytesPerChange: (shape: CatalogShape) => listBytes(shape) + serviceBytes(shape) + EVENTS_BYTES,
    watch: watchByHints(hints),
  };
}

/** @param hints Nomad's event stream; without it there is no strategy that stands on it */
export function nomadStrategies(hints?: ServiceHints): Strategies<CatalogClient> {
  return [PER_SERVICE, MULTIPLEXED, ...(hints === undefined ? [] : [byHints(hints)]), SWEEP];
}
