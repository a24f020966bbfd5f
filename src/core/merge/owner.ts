import type { ServiceInstance } from "../catalog/snapshot.ts";
import { gathering } from "../incremental/gathering.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";

/** The catalog service that a name belongs to. */
export interface Owner {
  /** The catalog service, by its key, which names its catalog where several are charted. */
  readonly service: string;
  /** Since when the owner has had no routed instance; its names are kept for it a while. */
  readonly goneAtMs?: number;
  /** Since when the owner has had no instance at all in the catalog. */
  readonly leftAtMs?: number;
}

/** The owners that have no routed instance, each with a name of theirs: few of thousands. */
export const absentAmong = gathering((owner: Owner, key: ResourceKey) =>
  owner.goneAtMs === undefined && owner.leftAtMs === undefined ? [] : [{ key, ...owner }],
);

/** The instance behind a server: by the key of its service, and its URL or address. */
export type Origin = (service: ResourceKey, endpoint: string) => ServiceInstance | undefined;

/** Whose each name was in the last pass, and what it means in the published chart. */
export interface PublishedNames {
  readonly chart: DynamicConfig | undefined;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
}

/** The owner of a name that it does not define in this pass, or only lends. */
export function absentOwner({ service, goneAtMs, leftAtMs }: Owner, isRegistered: boolean, nowMs: number): Owner {
  return { service, goneAtMs: goneAtMs ?? nowMs, ...(isRegistered ? {} : { leftAtMs: leftAtMs ?? nowMs }) };
}
