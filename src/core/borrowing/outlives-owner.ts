import type { AreKin } from "../instances/kinship.ts";
import type { Owner } from "../merge/owner.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { isLocal, type NamedReference, referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { judgedReferencesIn } from "./judged-references.ts";

/**
 * Says whether a published router may stay, with all that it leads to, although no instance asks for it: `held`, since its
 * owner is believed to be there, or `emptied`, to answer 503.
 */
export type MayOutlive = (router: ResourceKey, how: "held" | "emptied") => boolean;

export interface OutlivesOwnerInput {
  /** What is defined now. */
  readonly config: DynamicConfig;
  /** The service that a name of it belongs to, by its key; undefined for the operator's. */
  readonly ownerOf: (key: ResourceKey) => string | undefined;
  /** What is published, and whose it is. */
  readonly published: {
    readonly chart: DynamicConfig | undefined;
    readonly owners: ReadonlyMap<ResourceKey, Owner>;
    readonly operatorNames: ReadonlyMap<ResourceKey, unknown>;
  };
  readonly areKin: AreKin;
}

/**
 * A router that stays keeps what is published under the names that it refers to, but what is defined now counts first. By a
 * name that has changed hands since, its visitors would reach a stranger's service. A part of it refers to what is
 *
 * | now defined by | held | emptied |
 * |---|---|---|
 * | its owner, or one of the owner's sharing group | stays | stays |
 * | another party, as it was when it was published | stays | stays, unless it is a service, which would answer in place of the 503 |
 * | another party, and was not then | goes | goes |
 * | nothing | stays | stays |
 */
export function outlivesOwner({ config, ownerOf, published, areKin }: OutlivesOwnerInput): MayOutlive {
  const { chart, owners, operatorNames } = published;

  function maySee(user: string | undefined, section: Section, reference: NamedReference, isEmptied: boolean): boolean {
    const target = referredKey(section, reference);
    const isDefined = target !== "" && isIn(config, target);
    if (!isDefined && isLocal(reference.name)) return true;
    const now = isDefined ? ownerOf(target) : undefined;
    if (now !== undefined && user !== undefined && areKin(now, user)) return true;
    if (isEmptied && reference.kind === "service") return false;
    if (!isDefined) return true;
    return now === undefined ? operatorNames.has(target) : owners.get(target)?.service === now;
  }

  return (router, how) => {
    const seen = new Set<ResourceKey>();
    function mayStay(key: ResourceKey): boolean {
      const object = seen.has(key) ? undefined : objectAt(chart, key);
      seen.add(key);
      // What is defined now has been judged as it is.
      if (object === undefined || (key !== router && isIn(config, key))) return true;
      const { section } = splitKey(key);
      const user = owners.get(key)?.service;
      if (!judgedReferencesIn(section, object).every((one) => maySee(user, section, one, how === "emptied")))
        return false;
      return referencesOf(section, object).every((one) => {
        const target = isLocal(one.name) ? referredKey(section, one) : "";
        return target === "" || mayStay(target);
      });
    }
    return mayStay(router);
  };
}

function objectAt(config: DynamicConfig | undefined, key: ResourceKey): ConfigObject | undefined {
  const { section, name } = splitKey(key);
  return config?.[section].get(name);
}

function isIn(config: DynamicConfig, key: ResourceKey): boolean {
  return objectAt(config, key) !== undefined;
}
