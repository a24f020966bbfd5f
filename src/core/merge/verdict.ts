import type { Diagnostic } from "../diagnostics.ts";
import type { Memory, Owner } from "../memory.ts";
import { meansSame, nameOfOperator } from "../statics/claims.ts";
import type { Statics } from "../statics/statics.ts";
import { type ResourceKey, splitKey } from "../traefik/dynamic-config.ts";
import { diagnose } from "../translate/finding.ts";
import { type Definition, shapeOf } from "./definition.ts";
import { judgeOwnership, OWNER_KEPT_MS } from "./ownership.ts";

/** Whose a name is, of all that claim it. */
export interface Verdict {
  readonly key: ResourceKey;
  /** One for each catalog service that claims the name. */
  readonly definitions: readonly Definition[];
  /** The definition that counts; nothing while the name is kept for somebody, or where the operator has it. */
  readonly winner: Definition | undefined;
  /** Others that mean the same: they share the name. */
  readonly sharing: readonly Definition[];
  /** Those that mean something else. */
  readonly lost: readonly Definition[];
  /** Undefined where the name is the operator's, or nobody's. */
  readonly owner: Owner | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a name is judged by, beside the claims to it. */
export interface Circumstances {
  readonly previous: Pick<Memory, "chart" | "owners">;
  readonly statics: Statics;
  readonly nowMs: number;
}

/** Judges one name, whatever becomes of others. */
export function judgeName(
  key: ResourceKey,
  definitions: readonly Definition[],
  { previous, statics, nowMs }: Circumstances,
): Verdict {
  const nothing = { key, definitions, winner: undefined, sharing: [], lost: [], owner: undefined, diagnostics: [] };
  if (statics.origins.has(key)) {
    const lost = definitions
      .filter(({ object }) => !meansSame(statics, key, object))
      .sort((a, b) => (a.service < b.service ? -1 : 1));
    const told = lost.flatMap(({ instances }) => instances.map((one) => nameOfOperator(one, key, statics)));
    return { ...nothing, lost, diagnostics: told };
  }
  const known = previous.owners.get(key);
  const { section, name } = splitKey(key);
  const published = previous.chart?.[section].get(name);
  if (definitions.length === 0) {
    return { ...nothing, owner: known && rememberedOwner(known, published !== undefined, nowMs) };
  }
  const knownShape = published === undefined ? undefined : shapeOf(published);
  const { winner, sharing, refused, owner } = judgeOwnership(definitions, known, knownShape, nowMs);
  const diagnostics = refused.flatMap((one) => nameTaken(key, one, owner));
  return { key, definitions, winner, sharing, lost: refused, owner, diagnostics };
}

/**
 * The owner of a name that nobody claims at the moment: known as long as the name is published (held, or answering 503),
 * and for a while after that.
 */
function rememberedOwner(owner: Owner, isPublished: boolean, nowMs: number): Owner | undefined {
  const goneAtMs = owner.goneAtMs ?? nowMs;
  if (!isPublished && nowMs - goneAtMs >= OWNER_KEPT_MS) return undefined;
  return { service: owner.service, goneAtMs };
}

function nameTaken(key: ResourceKey, refused: Definition, owner: Owner): Diagnostic[] {
  return refused.instances.map((instance) =>
    diagnose(instance, {
      code: "NAME_TAKEN",
      message: `${key} belongs to service ${JSON.stringify(owner.service)}, which defines it differently`,
      remedy: `choose another name, or give both services equal tags for it; the name is free ${OWNER_KEPT_MS / 1000} s after its owner's last healthy instance is gone`,
    }),
  );
}
