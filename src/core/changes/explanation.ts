import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Origin, Owner } from "../merge/owner.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/** What a chart came from, kept to say why the next one differs. */
export interface Explanation {
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly origin: Origin;
  readonly services: TranslatedServices;
  /** The names that the operator defined → the file or setting they came from. */
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
}
