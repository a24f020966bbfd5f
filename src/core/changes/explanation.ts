import type { CatalogSnapshot, ServiceInstance } from "../catalog/snapshot.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Origin, Owner } from "../merge/owner.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { LeftOutRouters } from "./left-out-routers.ts";

/** What a chart came from, kept to say why the next one differs. */
export interface Explanation {
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly origin: Origin;
  readonly services: TranslatedServices;
  /** The names that the operator defined → the file or setting they came from. */
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
  /** Instances that the catalogs show and that do not count: what is new of a service that flaps, and what compat mode hides. */
  readonly uncounted: readonly ServiceInstance[];
  /** As the catalogs were seen; none before the first pass. */
  readonly snapshots: readonly CatalogSnapshot[];
  /** Undefined before the first pass. */
  readonly settings: CoreSettings | undefined;
  /** What the operator defines, and what other files beside the chart do. */
  readonly operatorConfig: OperatorConfig;
  readonly neighbours: Neighbours;
  /** What is registered on the machines of the operator's fixed addresses; undefined where that was not read. */
  readonly staticHostRegistrations: readonly ServiceInstance[] | undefined;
  readonly leftOut: LeftOutRouters;
  /** The instances that have lost their servers because they turned unhealthy, and have not come back; by their keys. */
  readonly fallen: ReadonlyMap<string, ServiceInstance>;
}

/** Before the first pass of a process nothing is known but whose names were whose, from its state. */
export function nothingExplained(
  owners: Explanation["owners"],
  operatorNames: Explanation["operatorNames"],
): Explanation {
  return {
    owners,
    origin: () => undefined,
    services: new Map(),
    operatorNames,
    uncounted: [],
    snapshots: [],
    settings: undefined,
    operatorConfig: NO_OPERATOR_CONFIG,
    neighbours: NO_NEIGHBOURS,
    staticHostRegistrations: undefined,
    leftOut: new Map(),
    fallen: new Map(),
  };
}
