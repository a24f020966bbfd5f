import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { BlockingAnswer } from "./blocking-answer.ts";

/** `stale`: any server may answer. `consistent`: the strongest that the product has; Nomad's is its default. */
export type Consistency = "stale" | "default" | "consistent";

/**
 * The reason with which a long poll is aborted whose answer no caller waits for any more. Over HTTP/1.1 the catalog would keep a broken
 * connection until the poll's own wait is over, so the poll is left to its end, with its permit, and its answer dropped.
 */
export const ABANDONED = "abandoned";

/** How to ask: index 0 answers at once, any other blocks until the index moves or the client's wait is over. */
export interface CatalogRead {
  readonly index: bigint;
  readonly consistency: Consistency;
  readonly signal: AbortSignal;
}

/**
 * Services by their key, each with the union of the tags of its instances. The key is Consul's name; Nomad's has the
 * namespace before it, `NAMESPACE/NAME`, since one list may tell of several.
 */
export type ServiceList = ReadonlyMap<string, readonly string[]>;

/** A catalog, typed. Every method rejects with a CatalogError only; no library error and no token leaves it. */
export interface CatalogClient {
  services(read: CatalogRead): Promise<BlockingAnswer<ServiceList>>;
  instances(service: string, read: CatalogRead): Promise<BlockingAnswer<readonly ServiceInstance[]>>;
  /** What was known of the catalog before a restart. */
  recall?(instances: readonly ServiceInstance[]): Promise<void>;
  /** The query behind `services`, or behind `instances` of one: what an operator would ask to see the same. */
  target(service?: string): string;
  close(): void;
}
