import type { Change } from "../lifecycle.ts";
import type { Instance } from "../world.ts";

/** A catalog for one peer alone, so that a change for one peer wakes no other; the world is registered in it. */
export interface PeerCatalog {
  /** Where the peer reads: every connection goes through a relay that counts. */
  readonly url: string;
  /** Who has signed the certificate, where the URL is https. */
  readonly caFile?: string;
  /** Gets a change ready; what comes back makes it. */
  prepare(change: Change): () => Promise<void>;
  register(instance: Instance): Promise<void>;
  traffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

export interface Traffic {
  /** Reads of the catalog and of health, by the catalog's own count; Consul counts a long poll when it ends. */
  readonly requests: number;
  /** What the catalog has sent, headers included, as it is on the wire. */
  readonly receivedBytes: number;
  /** The most connections that were open at the same time. */
  readonly mostConnections: number;
}

export interface CatalogOptions {
  /** Raise Consul's limit of 200 connections a client, for a peer that cannot do with it. */
  readonly isUnlimited?: boolean;
}
