import { NO_HOSTS_CARRY } from "../../src/core/hosts/carry.ts";
import { type Claimant, claimantOf } from "../../src/core/hosts/claimant.ts";
import { EMPTY_HOST_INDEX, type HostIndex, indexOfAll } from "../../src/core/hosts/host-index.ts";
import type { Past } from "../../src/core/hosts/published-before.ts";
import { createSharing, type Sharing } from "../../src/core/hosts/sharing.ts";
import { finish } from "../../src/core/incremental/steps.ts";
import { sharingGroupOf } from "../../src/core/instances/sharing-group.ts";
import type { Policy } from "../../src/core/settings.ts";
import {
  configObject,
  newConfig,
  type ResourceKey,
  type RouterSection,
  resourceKey,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { instance } from "./world.ts";

export interface RouterOptions {
  /** The name of the router's service; the router's own name where it is left out. */
  readonly service?: string;
  readonly rule?: string;
  readonly section?: RouterSection;
  readonly priority?: number;
  readonly entryPoints?: readonly string[];
  readonly kind?: Claimant["kind"];
  /** Services of one namespace are one sharing group. */
  readonly namespace?: string;
  readonly createIndex?: number;
}

/** A router that asks for hosts: by default an HTTP router of a service of its own, registered at index 10. */
export function claimant(name: string, options: RouterOptions = {}): Claimant {
  const { rule, section = "http/routers", priority, entryPoints, kind = "service", namespace = "" } = options;
  const { service = name, createIndex = 10 } = options;
  const object = configObject([
    ...(rule === undefined ? [] : [["rule", rule] as const]),
    ...(priority === undefined ? [] : [["priority", priority] as const]),
    ...(entryPoints === undefined ? [] : [["entryPoints", entryPoints] as const]),
  ]);
  const instances = kind === "operator" ? [] : [instance({ service, namespace, id: service, createIndex })];
  return claimantOf({
    key: resourceKey(section, name),
    section,
    name,
    object,
    service: namespace === "" ? service : `${namespace}/${service}`,
    kind,
    instances,
    sharingGroup: sharingGroupOf(instances),
    createIndex: kind === "service" ? createIndex : 0,
  });
}

/** A rule for one host. */
export function host(name: string, path?: string): string {
  return `Host(\`${name}\`)${path === undefined ? "" : ` && PathPrefix(\`${path}\`)`}`;
}

/** The index of these routers. */
export function hostIndexOf(...claimants: readonly Claimant[]): HostIndex {
  return finish(indexOfAll(EMPTY_HOST_INDEX, claimants));
}

/** Sharing by namespaces, and by these rules of a policy. */
export function sharingBy(policy?: Policy): Sharing {
  return createSharing(policy, new Map());
}

/** Nothing was published before. */
export const NO_PAST: Past = {
  chart: undefined,
  accepted: undefined,
  nameOwners: new Map(),
  hostOwners: NO_HOSTS_CARRY.owners,
};

/** These routers were published before, as they are or with other rules, and these hosts are recorded as a service's. */
export function pastOf(published: readonly Claimant[], hostOwners: Readonly<Record<string, string>> = {}): Past {
  const chart = newConfig();
  const nameOwners = new Map<ResourceKey, { readonly service: string }>();
  for (const { key, section, name, object, service } of published) {
    chart[section].set(name, object);
    nameOwners.set(key, { service });
  }
  return { chart, accepted: undefined, nameOwners, hostOwners: new Map(Object.entries(hostOwners)) };
}
