import { bySeniority, type Claimant } from "../claimant.ts";
import {
  isAtHttpEntryPoint,
  isThreatTo,
  shareEntryPoint,
  takesAll,
  takesAllByAnyHost,
  takesAnyHost,
} from "../claimant-overlap.ts";
import type { HostIndex } from "../host-index.ts";
import { type Past, wasPublished } from "../published-before.ts";
import type { Sharing } from "../sharing.ts";
import type { Refusal, Refusals } from "./refusal.ts";

export interface ResolvedWideRules {
  readonly refused: Refusals;
  /** Router that stays → the older router with a wide rule that gets requests to its hosts first. */
  readonly shadowed: ReadonlyMap<Claimant, Claimant>;
}

/**
 * Refuses routers with a wide rule that could take requests to hosts of another service, and says which routers an older
 * wide rule shadows. See `outcomeOf` for the table of cases.
 *
 * @param keptRouters routers of absent owners that are kept
 * @param refused what is refused already
 */
export function resolveWideRules(
  index: HostIndex,
  keptRouters: readonly Claimant[],
  past: Past,
  refused: Refusals,
  sharing: Sharing,
): ResolvedWideRules {
  const refusals = new Map<Claimant, Refusal>();
  const shadowed = new Map<Claimant, Claimant>();
  const isRefused = (claimant: Claimant) => refused.has(claimant) || refusals.has(claimant);
  for (const wide of [...index.wide.keys()].sort(bySeniority)) {
    if (wide.kind !== "service" || isRefused(wide)) continue;
    const threatened = [...(index.wide.get(wide) ?? []), ...keptRouters.filter((gone) => isThreatTo(wide, gone))];
    for (const other of threatened.sort(bySeniority)) {
      if (isRefused(other)) continue;
      const outcome = outcomeOf(wide, other, past, sharing);
      if (outcome === "shadows" && other.kind === "service") {
        shadowed.set(other, worseShadow(other, shadowed.get(other), wide));
      }
      if (outcome !== "refused") continue;
      refusals.set(wide, { winner: other, why: { kind: "comes-before" } });
      break;
    }
  }
  return { refused: refusals, shadowed: new Map([...shadowed].filter(([, wide]) => !refusals.has(wide))) };
}

/**
 * What becomes of a wide rule that could take requests to a host that another router names:
 *
 * | the other router | the wide rule | outcome |
 * |---|---|---|
 * | the operator's | takes all of its requests | refused |
 * | the operator's | takes some | harmless |
 * | in the same sharing group, absent | any | harmless |
 * | in the same sharing group | takes some | harmless |
 * | any other | is granted by the policy and takes some | harmless |
 * | any other | is granted by the policy and takes all of its requests | shadows |
 * | any other | takes all of its requests, by asking for any host | refused |
 * | any other | was published before; or neither was, and it is the older one | shadows |
 * | any other | came later | refused |
 */
export function outcomeOf(
  wide: Claimant,
  other: Claimant,
  past: Past,
  sharing: Sharing,
): "refused" | "shadows" | "harmless" {
  if (wide.protocol !== other.protocol) return outcomeOfTcp(wide, other, past, sharing);
  const takes = takesAll(wide, other);
  if (other.kind === "operator") return takes ? "refused" : "harmless";
  if (sharing.areInOneGroup(wide, other) && (!takes || other.kind === "absent")) return "harmless";
  if (sharing.isWideGranted(wide)) return takes ? "shadows" : "harmless";
  if (takesAllByAnyHost(wide, other)) return "refused";
  return wasFirst(wide, other, past) ? "shadows" : "refused";
}

function wasFirst(wide: Claimant, other: Claimant, past: Past): boolean {
  return wasPublished(wide, past) || (!wasPublished(other, past) && bySeniority(wide, other) < 0);
}

/**
 * The same for a TCP router beside an HTTP router, from which it takes whatever it matches. Where they may share an entry point
 * (the HTTP router names none) what was there first stays, and loses nothing to what comes later:
 *
 * | the HTTP router | the TCP router | outcome |
 * |---|---|---|
 * | any | the settings open its entry points to it | shadows, harmless where that is not certain |
 * | the operator's | was published before, and does not surely take all of its requests | harmless |
 * | the operator's | any other | refused |
 * | in the same sharing group | takes some, or shares no entry point as far as names tell | harmless |
 * | any other | is granted by the policy, which names its hosts | shadows, or harmless where it takes some |
 * | any other | takes all hosts where HTTP is at home: the default entry points, or one that is called so | refused |
 * | any other | was published before; or neither was, and it is the older one | shadows, harmless where that is not certain |
 * | any other | came later | refused |
 */
function outcomeOfTcp(wide: Claimant, other: Claimant, past: Past, sharing: Sharing): ReturnType<typeof outcomeOf> {
  const isCertain = shareEntryPoint(wide, other);
  const stays = isCertain ? "shadows" : "harmless";
  if (sharing.areEntryPointsOpen(wide)) return stays;
  const takes = takesAll(wide, other);
  if (other.kind === "operator") return wasPublished(wide, past) && !(isCertain && takes) ? "harmless" : "refused";
  if (sharing.areInOneGroup(wide, other) && (!takes || !isCertain || other.kind === "absent")) return "harmless";
  if (sharing.isWideGranted(wide)) return takes ? "shadows" : "harmless";
  if (isAtHttpEntryPoint(wide) && takesAnyHost(wide)) return "refused";
  return wasFirst(wide, other, past) ? stays : "refused";
}

/** One diagnostic is enough for a shadowed router: it names the wide rule that leaves it nothing, else the oldest. */
function worseShadow(other: Claimant, known: Claimant | undefined, wide: Claimant): Claimant {
  if (known === undefined) return wide;
  const [takesByKnown, takesByWide] = [takesAll(known, other), takesAll(wide, other)];
  if (takesByKnown !== takesByWide) return takesByWide ? wide : known;
  return bySeniority(wide, known) < 0 ? wide : known;
}
