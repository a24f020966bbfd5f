import { namespaceIn } from "../catalog/snapshot.ts";
import type { AreKin } from "../instances/kinship.ts";
import { isOfAllNamespaces, mayMeanTheSame } from "./common-servers.ts";
import type { Definition } from "./definition.ts";
import type { Owner } from "./owner.ts";

/** How long a name is kept for an owner that has no routed instance, before another service may take it over. */
export const OWNER_KEPT_MS = 30_000;

export interface Ownership {
  /** The definition that counts; nothing while the name is kept for an absent owner. */
  readonly winner: Definition | undefined;
  /** Others that mean the same and may share the name: those of its namespace, of a middleware those of all. */
  readonly sharing: readonly Definition[];
  /** Others: they mean something else, or are of another namespace. */
  readonly refused: readonly Definition[];
  /** Whose the name is. */
  readonly owner: Owner;
}

/**
 * Decides whose definition of a name counts: the first owner keeps it. First is the service that had it in the last chart, then (of
 * several catalogs, whose indexes say nothing to each other) whose catalog's name is, then the lowest CreateIndex, then the
 * service's name, so that all nodes decide alike. Where the built-in provider deletes a name that two
 * services define differently, the owner here does not notice.
 *
 * Namespaces are as apart as catalogs whose services disagree: whoever may register in one could take a share of the traffic
 * of a service in another by registering it once more, tag by tag. Middlewares that mean the same are shared.
 *
 * @param knownShape what the name means in the published chart: a successor that means the same need not wait
 */
export function judgeOwnership(
  definitions: readonly Definition[],
  known: Owner | undefined,
  knownShape: string | undefined,
  nowMs: number,
  areKin: AreKin,
): Ownership {
  const byAge = [...definitions].sort(firstComer);
  const present = known === undefined ? undefined : byAge.find((definition) => definition.service === known.service);
  const isAwaited = known !== undefined && present === undefined && isKept(known, nowMs);
  const winner =
    present ??
    (isAwaited
      ? byAge.find(
          (definition) =>
            definition.shape === knownShape &&
            (definition.namespace === namespaceIn(known.service) || isOfAllNamespaces(definition.section)) &&
            mayMeanTheSame(definition, known.service, areKin),
        )
      : byAge[0]);
  const others = byAge.filter((definition) => definition !== winner);
  const isSharing = (one: Definition) =>
    winner !== undefined &&
    one.shape === winner.shape &&
    (one.namespace === winner.namespace || isOfAllNamespaces(one.section)) &&
    mayMeanTheSame(one, winner.service, areKin);
  return {
    winner,
    sharing: others.filter(isSharing),
    refused: others.filter((definition) => !isSharing(definition)),
    owner:
      winner === undefined && known !== undefined
        ? { service: known.service, goneAtMs: known.goneAtMs ?? nowMs }
        : { service: winner?.service ?? "" },
  };
}

/** Is the name still kept for its owner, should the owner be absent? */
export function isKept({ goneAtMs }: Owner, nowMs: number): boolean {
  return nowMs - (goneAtMs ?? nowMs) < OWNER_KEPT_MS;
}

function firstComer(a: Definition, b: Definition): number {
  const [one = "", other = ""] = [a.catalogName, b.catalogName];
  if (one !== other) return one < other ? -1 : 1;
  return a.createIndex - b.createIndex || (a.service < b.service ? -1 : 1);
}
