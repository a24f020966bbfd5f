import type { AreKin } from "../instances/kinship.ts";
import type { Definition } from "../merge/definition.ts";
import type { FindDefiners } from "../merge/merge-memory.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { NamedReference } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { judgedReferencesIn } from "./judged-references.ts";
import { isOpened, type Lender } from "./lender.ts";

/** What borrowing is judged by. */
export interface Circumstances {
  readonly settings: Pick<CoreSettings, "allow">;
  readonly operatorConfig: OperatorConfig;
  readonly definersOf: FindDefiners;
  readonly areKin: AreKin;
}

/** Something of another party that is used without leave. */
export interface Borrowed {
  readonly reference: NamedReference;
  readonly lender: Lender;
}

/**
 * What the object under a key uses without leave, by its owner's definition. Nothing where any of the services that define it
 * alike may use all of it: then the object is theirs as well.
 */
export function borrowedUnder(key: ResourceKey, circumstances: Circumstances): readonly Borrowed[] {
  const definers = circumstances.definersOf(key);
  const [owners] = definers;
  if (owners === undefined) return [];
  const ofOwner = borrowedBy(owners, circumstances);
  const isLent = ofOwner.length > 0 && definers.slice(1).some((one) => borrowedBy(one, circumstances).length === 0);
  return isLent ? [] : ofOwner;
}

function borrowedBy(definition: Definition, circumstances: Circumstances): readonly Borrowed[] {
  const { section, object, service, instances } = definition;
  return judgedReferencesIn(section, object).flatMap((reference) => {
    const lender = lenderOf(referredKey(section, reference), service, circumstances);
    if (lender === undefined || isOpened(circumstances.settings, instances[0], reference, lender)) return [];
    return [{ reference, lender }];
  });
}

/** Whose a name is for a service; undefined where it is its own, or of a service of its sharing group. */
function lenderOf(
  key: ResourceKey | "",
  service: string,
  { operatorConfig, definersOf, areKin }: Circumstances,
): Lender | undefined {
  const origin = key === "" ? undefined : operatorConfig.origins.get(key);
  if (origin !== undefined) return { kind: "operator", origin };
  const [owner] = key === "" ? [] : definersOf(key);
  if (owner === undefined) return { kind: "elsewhere" };
  return areKin(owner.service, service) ? undefined : { kind: "service", service: owner.service };
}
