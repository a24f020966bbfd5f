import type { HealthSource } from "../../core/catalog/allocation-health.ts";

/** The catalog whose instances are meant, and by what those of Nomad's own count as fit to serve. */
export interface AskingCatalog {
  readonly name: string;
  readonly health: HealthSource;
}
