import { stoppedServices } from "../catalog/stopped-services.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Definition } from "../merge/definition.ts";
import type { Owner } from "../merge/owner.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  ROUTER_SECTIONS,
  type RouterSection,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type AbsentOwnersInput, findAbsentOwners } from "./absent-owners.ts";
import type { HostsCarry } from "./carry.ts";
import type { Claimant } from "./claimant.ts";
import { resolveHostConflicts } from "./conflicts/resolve-host-conflicts.ts";
import { grantLinesOfAll } from "./grant-lines.ts";
import { hostDiagnostics } from "./host-diagnostics.ts";
import { type Asking, EMPTY_HOST_INDEX, type HostIndex, indexAfter, indexOfAll } from "./host-index.ts";
import { operatorClaimants } from "./operator-claimants.ts";
import { createSharing } from "./sharing.ts";

/** What the stage asks of the pass. */
export interface HostsPass {
  readonly operatorConfig: OperatorConfig;
  readonly settings: Pick<CoreSettings, "claims" | "policy" | "allow">;
  readonly nowMs: number;
  readonly snapshots: Parameters<typeof stoppedServices>[0];
}

export interface HostsInput {
  /** All that may be published. A first definition that refers to nothing has been left out already: it cannot ask for a host. */
  readonly config: DynamicConfig;
  /** The definition behind a router of the catalog's. */
  readonly definitionOf: (section: RouterSection, name: string) => Definition | undefined;
  /** Routers that lack something and are in the chart no more, whose owners ask for them: their hosts are kept. */
  readonly leftOut: AbsentOwnersInput["leftOut"];
  /** Name → its owner, after the merge of this pass. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly services: TranslatedServices;
  /** What the pass before has published, and who owned the names in it. */
  readonly previous: AbsentOwnersInput["previous"] & { readonly owners: ReadonlyMap<ResourceKey, Owner> };
  /**
   * The routers that may be other ones than in the pass that the carry comes from, or be gone; every other router is
   * `definitionOf` the same object as then. Undefined where that is not known: all routers are compared.
   */
  readonly changedRouters: ReadonlySet<ResourceKey> | undefined;
}

export interface HostsResult {
  readonly value: {
    /** The configuration without the routers that asked for what belongs to another service. */
    readonly config: DynamicConfig;
    /** Published routers of absent owners → the router that has taken their place: nothing of them may stay. */
    readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
  };
  readonly carry: HostsCarry;
  readonly diagnostics: readonly Diagnostic[];
  /** Always empty: when the hosts of an absent owner become free follows from the owners that the pass ends with. */
  readonly dueAtMs: readonly number[];
}

/**
 * The hosts stage: leaves out the routers that would take requests from an owner. What is owned is a host that a rule names,
 * as a whole:
 *
 * | a router of another service asks for | it is left out, unless |
 * |---|---|
 * | an owned host | it is in the owner's sharing group or the policy grants it, and does not take all requests of a router at the same entry point |
 * | by TCP all clients of an entry point where HTTP may be, or some of them | it was there first, or the settings open the entry point to it |
 * | many hosts, an owned one among them | it comes after the owner's router, or was published before that host was owned and does not ask for all hosts |
 * | exactly the same many hosts, or the same UDP entry point | it comes after the owner's router |
 *
 * The owner is the service that the policy grants the host, then its recorded owner, then the service that has it in the
 * published chart, then an absent owner for which it is kept, then the oldest registration, then the first by name. One
 * sharing group are the services of one job, allocation or namespace; the operator shares with every service. One router a
 * step.
 *
 * @param carry of the pass before; `NO_HOSTS_CARRY` where there is none
 */
export function* judgeHosts(pass: HostsPass, input: HostsInput, carry: HostsCarry): Steps<HostsResult> {
  const { settings, nowMs } = pass;
  const { config, owners, services, previous, leftOut } = input;
  const index = yield* indexNow(pass, input, carry.index);
  const absent = findAbsentOwners({
    ...{ owners, leftOut, services, previous, carry },
    keptMs: settings.claims.keptMs,
    stopped: stoppedServices(pass.snapshots),
    nowMs,
  });
  const past = {
    chart: previous.chart,
    accepted: carry.accepted,
    nameOwners: previous.owners,
    hostOwners: carry.owners,
  };
  const sharing = createSharing(settings.policy, services, settings.allow);
  const resolved = resolveHostConflicts(index, absent, past, settings.policy, sharing);
  const accepted = without(
    config,
    [...resolved.refused.keys()].filter((one) => !resolved.refusedForTls.has(one)),
  );
  const left = without(accepted, resolved.refusedForTls.keys());
  const resolvedPass = {
    index,
    refused: resolved.refused,
    absent,
    services,
    policy: settings.policy,
    allow: settings.allow,
    past: { chart: left, accepted, nameOwners: owners, hostOwners: resolved.owners },
  };
  const sharingGroups = new Map(absent.map(({ claimant }) => [claimant.service, claimant.sharingGroup]));
  return {
    value: { config: left, replaced: resolved.replaced },
    carry: {
      ...{ owners: resolved.owners, sharingGroups, accepted, index },
      ...{ refused: resolved.refused, shadowed: resolved.shadowed },
    },
    diagnostics: hostDiagnostics(resolved.refused, resolved.shadowed, grantLinesOfAll(resolvedPass)),
    dueAtMs: [],
  };
}

function indexNow({ operatorConfig }: HostsPass, input: HostsInput, before: HostIndex | undefined): Steps<HostIndex> {
  const operators = operatorClaimants(operatorConfig);
  return before === undefined || input.changedRouters === undefined
    ? indexOfAll(before ?? EMPTY_HOST_INDEX, allAsking(input, operators))
    : indexAfter(before, changesIn(input, input.changedRouters, operators));
}

type OperatorClaimants = ReturnType<typeof operatorClaimants>;

function allAsking({ config, definitionOf }: HostsInput, operators: OperatorClaimants): readonly Asking[] {
  const all: Asking[] = [];
  for (const section of ROUTER_SECTIONS) {
    for (const name of config[section].keys()) {
      const asking = definitionOf(section, name) ?? operators.get(resourceKey(section, name));
      if (asking !== undefined) all.push(asking);
    }
  }
  return all;
}

function* changesIn(
  { config, definitionOf }: HostsInput,
  routers: ReadonlySet<ResourceKey>,
  operators: OperatorClaimants,
): Generator<readonly [ResourceKey, Asking | undefined]> {
  for (const key of routers) {
    const { section, name } = splitKey(key);
    if (!isRouterSection(section)) continue;
    const isThere = config[section].has(name);
    yield [key, isThere ? (definitionOf(section, name) ?? operators.get(key)) : undefined];
  }
}

/** The very configuration where nothing is refused. */
function without(config: DynamicConfig, refused: Iterable<Claimant>): DynamicConfig {
  const left = new Map<RouterSection, Map<string, ConfigObject>>();
  for (const { section, name } of refused) {
    const routers = left.get(section) ?? new Map(config[section]);
    routers.delete(name);
    left.set(section, routers);
  }
  return left.size === 0 ? config : { ...config, ...Object.fromEntries(left) };
}
