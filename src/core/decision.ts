import { inCatalogNameOrder } from "./catalog/by-catalog-name.ts";
import type { CatalogSnapshot, ServiceInstance } from "./catalog/snapshot.ts";
import type { LastAddresses } from "./catalog-addresses/last-places.ts";
import { resolveCatalogAddresses } from "./catalog-addresses/resolve-catalog-addresses.ts";
import type { RouteChange } from "./changes/route-change.ts";
import { withReservedNames } from "./default-middlewares/reserved-names.ts";
import type { Diagnostic } from "./diagnostics/diagnostics.ts";
import type { Memory } from "./memory.ts";
import { type Neighbours, NO_NEIGHBOURS } from "./neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "./operator-config/operator-config.ts";
import type { CoreSettings } from "./settings.ts";
import type { Pass } from "./stage.ts";
import type { DynamicConfig } from "./traefik/chart/dynamic-config.ts";

/** What a pass decides by. */
export interface ReconcileInput {
  /** One for each catalog; what comes of them does not depend on their order. */
  readonly snapshots: readonly CatalogSnapshot[];
  readonly previous: Memory;
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** What the operator defines beside the catalog; nothing where it is left out. */
  readonly operatorConfig?: OperatorConfig;
  /** The other files that Traefik reads beside the chart; nothing is known of them where it is left out. */
  readonly neighbours?: Neighbours;
  /** All that is registered on the hosts of held servers, as last read; left out before that, and while nothing is held. */
  readonly heldHostRegistrations?: readonly ServiceInstance[];
  /** The same of the machines on which health checks ask ports that their service does not register. */
  readonly checkedHostRegistrations?: readonly ServiceInstance[];
  /** The same of the machines that fixed addresses in the operator's files point at. */
  readonly staticHostRegistrations?: readonly ServiceInstance[];
}

/** What should be published, and everything worth telling about it. */
export interface Decision {
  /** The chart's bytes; equal to the published ones where nothing has changed. */
  readonly text: string;
  readonly chart: DynamicConfig;
  readonly changes: readonly RouteChange[];
  readonly diagnostics: readonly Diagnostic[];
  /** To be handed to the next pass once the text has been published. */
  readonly memory: Memory;
  /** When time alone will change the decision: a hold or a grace ends. */
  readonly lookAgainAtMs: number | undefined;
}

/** What the stages of a pass over this input may know. */
export function passOf(input: Omit<ReconcileInput, "previous"> & Partial<Pick<ReconcileInput, "previous">>): Pass {
  const {
    settings,
    nowMs,
    operatorConfig: defined = NO_OPERATOR_CONFIG,
    neighbours = NO_NEIGHBOURS,
    heldHostRegistrations,
    checkedHostRegistrations,
    staticHostRegistrations,
  } = input;
  const snapshots = inCatalogNameOrder(input.snapshots);
  const last = input.previous && lastAddresses(input.previous);
  const located = resolveCatalogAddresses(defined, { snapshots, settings, nowMs, last });
  const operatorConfig = withReservedNames(located, settings, neighbours);
  const isSingleCatalog = snapshots.length === 1 && snapshots[0]?.catalogName === undefined;
  const read = { heldHostRegistrations, checkedHostRegistrations, staticHostRegistrations };
  return { snapshots, isSingleCatalog, settings, nowMs, operatorConfig, neighbours, ...read };
}

function lastAddresses({ chart, changes }: Memory): LastAddresses {
  const { published, operatorNames } = chart;
  return { resolved: changes.operatorConfig.resolved ?? [], published, operatorNames };
}
