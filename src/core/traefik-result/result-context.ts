import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Owner } from "../merge/owner.ts";
import type { CoreSettings } from "../settings.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { TraefikResult } from "./traefik-result.ts";

/** A result, and what is known of the chart that it is about. */
export interface ResultContext {
  readonly result: TraefikResult;
  readonly chart: DynamicConfig;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly services: TranslatedServices;
  /** The names that the operator defined → the file or setting they came from. */
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
  readonly settings: Pick<CoreSettings["traefik"], "version" | "prefix" | "entryPoints" | "defaultEntryPoints">;
  /** The chart's path. */
  readonly output: string;
}
