import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/** What a kind of hold is. Its words are in `hold-words.ts`, and its end's in `observe/log`. */
interface HoldRules {
  /** Whether an operator may end it. */
  readonly isReleasable: boolean;
  /** Whether it lasts until an operator ends it, also over a restart. Else the catalog's next good answers end it. */
  readonly isLasting: boolean;
  /** Whether its end depends on a consistent read of the catalog, which is asked for as soon as the hold begins. */
  readonly isConfirmedByRead: boolean;
}

/** Each kind of hold, and by what it is seen. A new kind is a row here, and the condition where its holds begin. */
export const HOLD_KINDS = {
  /** The catalog has not answered since the start: it is not known what it would take away, and no operator can know. */
  "source-away": { isReleasable: false, isLasting: false, isConfirmedByRead: false },
  /** The catalog answers, and there is a reason to think that it does not show all it has. */
  blind: { isReleasable: true, isLasting: false, isConfirmedByRead: false },
  /** The catalog's index fell back: it was restarted, restored or replaced, and services register again. */
  "catalog-reset": { isReleasable: true, isLasting: false, isConfirmedByRead: false },
  /** More routers than `guard` allows would go at once. */
  "mass-removal": { isReleasable: true, isLasting: false, isConfirmedByRead: true },
  /** Other settings, not the catalog, would take routers away. */
  "settings-change": { isReleasable: true, isLasting: true, isConfirmedByRead: false },
} as const satisfies Readonly<Record<string, HoldRules>>;

export type HoldKind = keyof typeof HOLD_KINDS;

/**
 * Why routers that no instance asks for are still published with the servers they had. Each catalog has one hold at a time,
 * and one more for namespaces that its token may not read any more; a hold for a change of the settings belongs to no catalog.
 */
export interface Hold {
  readonly kind: HoldKind;
  /** The catalog that would take the routers away, by its name in the settings, where they list several. */
  readonly catalogName?: string;
  /** Of the kind `blind`: why the catalog is taken to show only a part. */
  readonly reason?: string;
  readonly routers: readonly ResourceKey[];
  readonly sinceMs: number;
  /**
   * An operator has let some of its routers go, and looked at these: they stay held although what is left may be too few for a
   * hold, also over a restart.
   */
  readonly isPartlyReleased?: true;
  /** When it ends by itself; a mass removal ends then only if the catalog has confirmed it. */
  readonly endsAtMs?: number;
}

/** The rules of a hold, by its kind. */
export function rulesOf({ kind }: Pick<Hold, "kind">): HoldRules {
  return HOLD_KINDS[kind];
}

/** How many routers these holds keep, all together. */
export function heldRouters(holds: readonly Hold[]): number {
  return holds.reduce((sum, { routers }) => sum + routers.length, 0);
}

/** The holds that last until an operator ends them, so that they outlive the process. */
export function lastingHolds(holds: readonly Hold[]): readonly Hold[] {
  return holds.filter((hold) => rulesOf(hold).isLasting);
}

/** What an operator left held when others of the same hold were let go, so that it outlives the process. */
export function partlyReleasedHolds(holds: readonly Hold[]): readonly Hold[] {
  return holds.filter((hold) => hold.isPartlyReleased === true && !rulesOf(hold).isLasting);
}

/** Are both of the same catalog for the same reason? */
export function isSameHold(one: Hold, other: Hold): boolean {
  return one.catalogName === other.catalogName && one.kind === other.kind;
}
