import { memoize } from "../incremental/memoize.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import type { Owner } from "../merge/owner.ts";
import {
  configObject,
  isRouterSection,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type Claimant, claimantOf } from "./claimant.ts";
import { sharingGroupOf, sharingGroupOfKey } from "./sharing-group.ts";

/** What an owner has that has no routed instance at the moment. */
export interface Absent {
  readonly claimant: Claimant;
  /** It is still kept for its owner. */
  readonly isKept: boolean;
  /** It is a router of the published chart; else a host that the owner had, whose router kin has replaced. */
  readonly isPublished: boolean;
}

/**
 * What absent owners have: their published routers, and the hosts that the state tells of. It is kept for `keptMs`, and as
 * long as a guard holds the router: its owner is believed to be there. An owner that is alive and asks for other routers is
 * not absent, it has moved on.
 */
export function absentOwners(
  owners: ReadonlyMap<ResourceKey, Owner>,
  {
    chart,
    holds,
    hosts,
    sharingGroups,
    services: before,
  }: Pick<Memory, "chart" | "holds" | "hosts" | "sharingGroups" | "services">,
  services: TranslatedServices,
  { keptMs, nowMs }: { readonly keptMs: number; readonly nowMs: number },
): readonly Absent[] {
  const absent: Absent[] = [];
  const held = new Set(holds.flatMap(({ routers }) => routers));
  const goneAt = new Map<string, number>();
  for (const { key, service, goneAtMs } of goneRouters(owners)) {
    if (isRouted(services, service)) continue;
    goneAt.set(service, Math.max(goneAtMs, goneAt.get(service) ?? goneAtMs));
    const { section, name } = splitKey(key);
    const object = chart?.[section].get(name);
    if (!isRouterSection(section) || object === undefined) continue;
    const isKept = nowMs - goneAtMs < keptMs || held.has(key);
    absent.push({
      claimant: claimantOf({ key, section, name, object, ...asking(service) }),
      isKept,
      isPublished: true,
    });
  }
  const known = new Set(absent.flatMap(({ claimant }) => claimant.hosts.map((host) => `${claimant.service} ${host}`)));
  for (const [host, service] of goneAt.size === 0 ? [] : hosts) {
    const goneAtMs = goneAt.get(service);
    if (goneAtMs === undefined || nowMs - goneAtMs >= keptMs || known.has(`${service} ${host}`)) continue;
    const object = configObject([["rule", `Host(\`${host}\`)`]]);
    const where = { key: resourceKey("http/routers", host), section: "http/routers", name: host, object } as const;
    absent.push({ claimant: claimantOf({ ...where, ...asking(service) }), isKept: true, isPublished: false });
  }
  return absent;

  function asking(service: string) {
    const own = services.get(service) ?? before.get(service) ?? [];
    const instances = own.map(({ instance }) => instance);
    const sharingGroup =
      own.length > 0 ? sharingGroupOf(instances) : (sharingGroups.get(service) ?? sharingGroupOfKey(service));
    return { service, instances, sharingGroup, kind: "absent", createIndex: 0 } as const;
  }
}

function isRouted(services: TranslatedServices, service: string): boolean {
  return services.get(service)?.some(({ state }) => state.kind === "routed") === true;
}

const goneRouters = memoize((owners: ReadonlyMap<ResourceKey, Owner>) => {
  const gone: { readonly key: ResourceKey; readonly service: string; readonly goneAtMs: number }[] = [];
  for (const [key, { service, goneAtMs }] of owners) {
    if (goneAtMs !== undefined && key.includes("/routers/")) gone.push({ key, service, goneAtMs });
  }
  return gone;
});
