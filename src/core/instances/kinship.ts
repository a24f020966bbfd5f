import { memoize } from "../incremental/memoize.ts";
import type { Translated, TranslatedServices } from "./instance-state.ts";
import { isSameSharingGroup, sharingGroupOf, sharingGroupOfKey } from "./sharing-group.ts";

/** Says whether two services, by their keys, are one or in one sharing group. */
export type AreKin = (one: string, other: string) => boolean;

/** What the pass before knew of services that may be absent now. */
export interface KnownBefore {
  readonly services: TranslatedServices;
  /** Service → the keys of its sharing group, of those that were absent then. */
  readonly absentGroups: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Kinship in one pass. A service's group follows from all of its instances, those included that ask for no route.
 *
 * @param services all services of the pass
 */
export function kinshipIn(services: TranslatedServices, before: KnownBefore): AreKin {
  const groupOf = (service: string): ReadonlySet<string> => {
    const own = services.get(service) ?? before.services.get(service);
    return own === undefined ? (before.absentGroups.get(service) ?? sharingGroupOfKey(service)) : groupOfAll(own);
  };
  return (one, other) => one === other || isSameSharingGroup(groupOf(one), groupOf(other));
}

/** The keys of the sharing group of a service with these instances, all there are of it. */
export const groupOfAll = memoize(
  (own: readonly Translated[]): ReadonlySet<string> => sharingGroupOf(own.map(({ instance }) => instance)),
);
