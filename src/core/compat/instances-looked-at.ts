import { foldCase } from "../../go/fold-case.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import { decodeExposure } from "../traefik/decode/exposure.ts";
import { labelsOf } from "../traefik/labels/labels.ts";

/**
 * The instances that Traefik's catalog providers look at. A service is judged by the tags of all its instances together
 * first, so that one colleague's tag hides them all; and unless services are exposed by default, the catalog is only asked
 * for instances that carry the tag `PREFIX.enable=true` as text: Consul compares without regard to case, Nomad exactly.
 */
export function instancesLookedAt(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
): readonly ServiceInstance[] {
  return [...byService(instances).values()]
    .filter((own) => isServiceKept(own, settings))
    .flatMap((own) => withSharedHealth(own.filter((instance) => isAskedFor(instance, settings))));
}

function byService(instances: readonly ServiceInstance[]): ReadonlyMap<string, readonly ServiceInstance[]> {
  const services = new Map<string, ServiceInstance[]>();
  for (const instance of instances) {
    const own = services.get(serviceKey(instance));
    if (own === undefined) services.set(serviceKey(instance), [instance]);
    else own.push(instance);
  }
  return services;
}

function isServiceKept(own: readonly ServiceInstance[], { traefik }: CoreSettings): boolean {
  const catalog = own[0]?.catalog ?? "consul";
  const union = [...new Set(own.flatMap(({ tags }) => tags))];
  const exposure = decodeExposure(catalog, labelsOf(union, traefik.prefix, catalog), traefik.exposedByDefault);
  return exposure.kind === "exposed" && !exposure.connect && traefik.constraints(union);
}

function isAskedFor({ catalog, tags }: ServiceInstance, { traefik }: CoreSettings): boolean {
  if (traefik.exposedByDefault) return true;
  const wanted = `${traefik.prefix}.enable=true`;
  return PRODUCT_RULES[catalog].hasExactKeys
    ? tags.includes(wanted)
    : tags.some((tag) => foldCase(tag) === foldCase(wanted));
}

/** Traefik keeps statuses by node id and service id: on nodes without an id the same service id shares the last status. */
function withSharedHealth(own: readonly ServiceInstance[]): readonly ServiceInstance[] {
  const last = new Map(own.map((instance) => [statusKey(instance), instance]));
  return own.map((instance) => {
    const speaker = last.get(statusKey(instance)) ?? instance;
    return speaker === instance ? instance : { ...instance, checks: speaker.checks };
  });
}

function statusKey({ nodeId, id }: ServiceInstance): string {
  return `${nodeId}${id}`;
}
