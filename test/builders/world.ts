import type { Settings } from "../../src/config/files/schema.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import { resolveSettings } from "../../src/config/resolve/resolve.ts";
import { type CatalogSnapshot, type Check, PLAIN, type ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../../src/core/neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../../src/core/operator-config/operator-config.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { releaseHolds } from "../../src/core/removals/release.ts";
import type { CoreSettings } from "../../src/core/settings.ts";

/** The present of every test that does not move it: a round number, far from zero. */
export const NOW_MS = 1_000_000;

export const PASSING: Check = { id: "service:web-1", name: "web answers", status: "passing" };

/** One healthy, exposed instance on a dynamic port, other than stated. */
export function instance(overrides: Partial<ServiceInstance> = {}): ServiceInstance {
  return {
    catalog: "consul",
    service: "web",
    id: "web-1",
    node: "node-1",
    nodeId: "",
    datacenter: "dc1",
    namespace: "",
    nodeAddress: "192.168.11.11",
    address: "",
    port: 24001,
    tags: ["traefik.enable=true"],
    checks: [PASSING],
    ...PLAIN,
    createIndex: 10,
    ...overrides,
  };
}

/** A live, complete slice of these instances. */
export function snapshot(
  instances: readonly ServiceInstance[],
  overrides: Partial<CatalogSnapshot> = {},
): CatalogSnapshot {
  return { source: "http://127.0.0.1:8500 dc1", instances, freshness: "live", readAtMs: NOW_MS, ...overrides };
}

/** The core's settings from the content of a settings file, completed with what every file must have. */
export function settings(content: Readonly<Record<string, unknown>> = {}): CoreSettings {
  return coreSettings(allSettings(content));
}

/** As `settings`, with what the core does not decide by. */
export function allSettings(content: Readonly<Record<string, unknown>> = {}): Settings {
  const complete = { output: { file: "portolan.yml" }, stateDir: "state", ...content };
  const resolved = resolveSettings({ file: { name: "test", content: complete }, environment: {}, flags: {} });
  if (resolved.kind === "refused") throw new Error(resolved.errors.join("\n"));
  return resolved.settings;
}

const DEFAULTS = settings();

/** A pass over these instances, with nothing published before and default settings, other than stated. */
export function pass(
  instances: readonly ServiceInstance[],
  options: {
    readonly previous?: Memory;
    readonly snapshot?: Partial<CatalogSnapshot>;
    /** Several catalogs in place of one with these instances. */
    readonly snapshots?: readonly CatalogSnapshot[];
    readonly settings?: CoreSettings;
    readonly nowMs?: number;
    readonly operatorConfig?: OperatorConfig;
    readonly neighbours?: Neighbours;
    readonly heldHostRegistrations?: readonly ServiceInstance[];
    readonly checkedHostRegistrations?: readonly ServiceInstance[];
    readonly staticHostRegistrations?: readonly ServiceInstance[];
  } = {},
): Decision {
  return reconcile({
    snapshots: options.snapshots ?? [snapshot(instances, options.snapshot)],
    previous: options.previous ?? initialMemory(undefined),
    settings: options.settings ?? DEFAULTS,
    nowMs: options.nowMs ?? NOW_MS,
    operatorConfig: options.operatorConfig ?? NO_OPERATOR_CONFIG,
    neighbours: options.neighbours ?? NO_NEIGHBOURS,
    ...(options.heldHostRegistrations === undefined ? {} : { heldHostRegistrations: options.heldHostRegistrations }),
    ...(options.checkedHostRegistrations && { checkedHostRegistrations: options.checkedHostRegistrations }),
    ...(options.staticHostRegistrations && { staticHostRegistrations: options.staticHostRegistrations }),
  });
}

/** The memory after an operator has ended all that is held and may be ended. */
export function allReleased(memory: Memory): Memory {
  return { ...memory, removals: releaseHolds(memory.removals, memory.removals.holds) };
}
