import type { TranslatedServices } from "../instances/instance-state.ts";
import { sharingGroupOf, sharingGroupOfKey } from "../instances/sharing-group.ts";
import { absentAmong, type Owner } from "../merge/owner.ts";
import {
  type ConfigObject,
  configObject,
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import type { HostsCarry } from "./carry.ts";
import { type Claimant, claimantOf } from "./claimant.ts";

/** A router, or a single host, of an owner that has no routed instance at the moment, or of one whose router lacks something. */
export interface AbsentOwner {
  readonly claimant: Claimant;
  /** Whether its hosts are still kept for the owner. */
  readonly isKept: boolean;
  /** Whether it is a router of the published chart, or was until what it lacks was missed for too long; else a host that is recorded as the owner's, without a router. */
  readonly isPublished: boolean;
}

export interface AbsentOwnersInput {
  /** Name → its owner, after the merge of this pass. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** Routers of owners that ask for them and that lack something, by their keys. */
  readonly leftOut: ReadonlyMap<ResourceKey, { readonly service: string; readonly router: ConfigObject }>;
  /** The services of this pass. */
  readonly services: TranslatedServices;
  /** What the pass before has published, and whose instances it knew. */
  readonly previous: {
    readonly chart: DynamicConfig | undefined;
    readonly holds: readonly { readonly routers: readonly ResourceKey[] }[];
    readonly services: TranslatedServices;
  };
  readonly carry: Pick<HostsCarry, "owners" | "sharingGroups">;
  /** For how long hosts are kept for an absent owner. */
  readonly keptMs: number;
  /** Services for which nothing is kept, since they were ended as wholes. */
  readonly stopped: ReadonlySet<string>;
  readonly nowMs: number;
}

/**
 * What belongs to absent owners: their published routers, and the hosts that are recorded as theirs. It is kept for `keptMs`
 * unless the owner was ended as a whole, and as long as a guard holds the router, since its owner is believed to be there. An owner that has a routed instance and
 * asks for other routers than before is not absent. What an owner asks for and cannot have, since it lacks what another one
 * lends, is kept as long as it asks.
 */
export function findAbsentOwners(input: AbsentOwnersInput): readonly AbsentOwner[] {
  const leftOut = leftOutRouters(input);
  const gone = goneRouters(input.owners).filter(({ service }) => !isRouted(input.services, service));
  if (gone.length === 0) return leftOut;
  const routers = publishedRouters(gone, input);
  return [...leftOut, ...routers, ...recordedHosts(gone, routers, input)];
}

function leftOutRouters(input: AbsentOwnersInput): readonly AbsentOwner[] {
  return [...input.leftOut].flatMap(([key, { service, router: object }]) => {
    const { section, name } = splitKey(key);
    if (!isRouterSection(section) || !isRouted(input.services, service)) return [];
    const claimant = claimantOf({ key, section, name, object, ...ownerOf(service, input) });
    return [{ claimant, isKept: true, isPublished: true }];
  });
}

interface GoneRouter {
  readonly key: ResourceKey;
  readonly service: string;
  readonly goneAtMs: number;
}

function goneRouters(owners: ReadonlyMap<ResourceKey, Owner>): readonly GoneRouter[] {
  return absentAmong(owners).flatMap(({ key, service, goneAtMs }) =>
    goneAtMs !== undefined && key.includes("/routers/") ? [{ key, service, goneAtMs }] : [],
  );
}

function isRouted(services: TranslatedServices, service: string): boolean {
  return services.get(service)?.some(({ state }) => state.kind === "routed") === true;
}

function publishedRouters(gone: readonly GoneRouter[], input: AbsentOwnersInput): readonly AbsentOwner[] {
  const { chart, holds } = input.previous;
  const held = new Set(holds.flatMap(({ routers }) => routers));
  return gone.flatMap(({ key, service, goneAtMs }) => {
    const { section, name } = splitKey(key);
    const object = chart?.[section].get(name);
    if (!isRouterSection(section) || object === undefined) return [];
    const claimant = claimantOf({ key, section, name, object, ...ownerOf(service, input) });
    return [{ claimant, isKept: isKept(service, goneAtMs, input) || held.has(key), isPublished: true }];
  });
}

function isKept(service: string, goneAtMs: number, { nowMs, keptMs, stopped }: AbsentOwnersInput): boolean {
  return nowMs - goneAtMs < keptMs && !stopped.has(service);
}

/** The recorded hosts of absent owners that none of their published routers names, while they are kept. */
function recordedHosts(
  gone: readonly GoneRouter[],
  routers: readonly AbsentOwner[],
  input: AbsentOwnersInput,
): readonly AbsentOwner[] {
  const goneAtMs = new Map<string, number>();
  for (const one of gone) goneAtMs.set(one.service, Math.max(one.goneAtMs, goneAtMs.get(one.service) ?? one.goneAtMs));
  const named = new Set(routers.flatMap(({ claimant }) => claimant.hosts.map((host) => `${claimant.service} ${host}`)));
  const recorded: AbsentOwner[] = [];
  for (const [host, service] of input.carry.owners) {
    const sinceMs = goneAtMs.get(service);
    if (sinceMs === undefined || !isKept(service, sinceMs, input) || named.has(`${service} ${host}`)) continue;
    const key = resourceKey("http/routers", host);
    const object = configObject([["rule", `Host(\`${host}\`)`]]);
    const claimant = claimantOf({ key, section: "http/routers", name: host, object, ...ownerOf(service, input) });
    recorded.push({ claimant, isKept: true, isPublished: false });
  }
  return recorded;
}

/** What a claimant says of its owner, for an absent one: by its instances now or before, else by what is recorded. */
function ownerOf(service: string, { services, previous, carry }: AbsentOwnersInput) {
  const own = services.get(service) ?? previous.services.get(service) ?? [];
  const instances = own.map(({ instance }) => instance);
  const sharingGroup =
    own.length > 0 ? sharingGroupOf(instances) : (carry.sharingGroups.get(service) ?? sharingGroupOfKey(service));
  return { service, instances, sharingGroup, kind: "absent", createIndex: 0 } as const;
}
