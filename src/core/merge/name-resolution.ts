import { catalogNameIn, namespaceIn } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { AreKin } from "../instances/kinship.ts";
import { nameInPeersChart, nameOfNeighbour } from "../neighbours/neighbour-conflicts.ts";
import { type Neighbours, takesName } from "../neighbours/neighbours.ts";
import { meansSame, nameOfOperator } from "../operator-config/name-conflicts.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import { type ConfigObject, kindOf, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { meaningOf } from "../traefik/chart/meaning.ts";
import { asksServer } from "../traefik/connections/asks-server.ts";
import type { IsBorrowed } from "./borrowers.ts";
import { isOfAllNamespaces, mayMeanTheSame } from "./common-servers.ts";
import type { Definition } from "./definition.ts";
import type { Contender } from "./name-conflicts.ts";
import { absentOwner, type Owner, type PublishedNames } from "./owner.ts";
import { isKept, judgeOwnership, type KnownName, nameKeptMs } from "./ownership.ts";

/** Whose a name is, of all services that define it. */
export interface NameResolution {
  readonly key: ResourceKey;
  /** One for each catalog service that defines the name. */
  readonly definitions: readonly Definition[];
  /** The definition that counts; nothing while the name is kept for an absent owner, or where the operator has it. */
  readonly winner: Definition | undefined;
  /** Others that mean the same: they share the name. */
  readonly sharing: readonly Definition[];
  /** Those that mean something else, or may not share it. */
  readonly refused: readonly Definition[];
  /** Undefined where the name is the operator's, or has no owner. */
  readonly owner: Owner | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a name is resolved by, beside its definitions. */
export interface Circumstances {
  readonly previous: PublishedNames;
  readonly operatorConfig: OperatorConfig;
  readonly neighbours: Neighbours;
  readonly nowMs: number;
  readonly claims: CoreSettings["claims"];
  /** Whether a guard holds routers of a service, by its key: it is believed to be there, and keeps its names. */
  readonly isHeld: (service: string) => boolean;
  /** Whether a service, by its key, was ended as a whole: no name waits for it. */
  readonly isStopped: (service: string) => boolean;
  readonly areKin: AreKin;
  readonly isBorrowed: IsBorrowed;
  /** Whether a service, by its key, has an instance in the catalog. */
  readonly isRegistered: (service: string) => boolean;
  /** Definitions that give way to another catalog's, each with the contender that it gives way to. */
  readonly yielding: ReadonlyMap<Definition, Contender> | undefined;
}

/** Resolves one name, whatever becomes of others: of those that define it, those count to which no neighbour leaves it. */
export function resolveName(
  key: ResourceKey,
  definitions: readonly Definition[],
  circumstances: Circumstances,
): NameResolution {
  const neighbour = circumstances.neighbours.names.get(key);
  if (neighbour === undefined) return resolveAmong(key, definitions, circumstances);
  const refused = definitions
    .filter(({ shape }) => takesName(neighbour, shape))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
  const resolved = resolveAmong(
    key,
    definitions.filter((one) => !refused.includes(one)),
    circumstances,
  );
  const { winner } = resolved;
  const contested = winner !== undefined && neighbour.shape !== winner.shape ? winner.instances : [];
  const reported = contested.map((one) => nameInPeersChart(one, key, neighbour));
  const taken = refused.flatMap(({ instances }) => instances.map((one) => nameOfNeighbour(one, key, neighbour)));
  return {
    ...resolved,
    definitions,
    refused: [...refused, ...resolved.refused],
    owner: refused.length > 0 && refused.length === definitions.length ? undefined : resolved.owner,
    diagnostics: [...taken, ...reported, ...resolved.diagnostics],
  };
}

function resolveAmong(
  key: ResourceKey,
  definitions: readonly Definition[],
  {
    previous,
    operatorConfig,
    nowMs,
    claims,
    isHeld,
    isStopped,
    areKin,
    isBorrowed,
    isRegistered,
    yielding = NONE_YIELDS,
  }: Circumstances,
): NameResolution {
  const usuallyKeptMs = nameKeptMs(splitKey(key).section, claims);
  const present = yielding.size === 0 ? definitions : definitions.filter((one) => !yielding.has(one));
  const yielded = [...yielding.keys()];
  const reportedToYield = [...yielding].flatMap(([one, stronger]) =>
    one.shape === stronger.shape && (one.namespace === stronger.namespace || isOfAllNamespaces(one.section))
      ? []
      : nameTaken(key, one, stronger, stronger.shape, areKin, usuallyKeptMs),
  );
  const nothing = { key, definitions, winner: undefined, sharing: [], owner: undefined };
  if (operatorConfig.origins.has(key)) {
    const refused = present
      .filter(({ object }) => !meansSame(operatorConfig, key, object))
      .sort((a, b) => (a.service < b.service ? -1 : 1));
    const reported = refused.flatMap(({ instances }) =>
      instances.map((one) => nameOfOperator(one, key, operatorConfig)),
    );
    return { ...nothing, refused: [...yielded, ...refused], diagnostics: [...reportedToYield, ...reported] };
  }
  const owner = previous.owners.get(key);
  const published = publishedAs(key, previous);
  const isOwnerRegistered = owner !== undefined && isRegistered(owner.service);
  const saidMs = owner !== undefined && isHeld(owner.service) ? Number.POSITIVE_INFINITY : usuallyKeptMs;
  const keptMs = owner !== undefined && isStopped(owner.service) ? 0 : saidMs;
  const isUsed = () => isBorrowed(key, new Set([...definitions.map(({ service }) => service), owner?.service ?? ""]));
  if (present.length === 0) {
    const isInUse = published !== undefined || isUsed();
    const remembered = owner && rememberedOwner(owner, { isInUse, isRegistered: isOwnerRegistered, keptMs }, nowMs);
    return { ...nothing, owner: remembered, refused: yielded, diagnostics: reportedToYield };
  }
  const known = yielded.some(({ service }) => service === owner?.service) ? undefined : owner;
  const knownShape = published === undefined ? undefined : meaningOf(splitKey(key).section, published);
  const [only] = present.length === 1 ? present : [];
  const isUncontested = only !== undefined && (known === undefined || (known.service === only.service && !only.isAway));
  const name = {
    owner: known,
    shape: knownShape,
    isBorrowed: !isUncontested && isUsed(),
    isRegistered: isOwnerRegistered,
    keptMs,
  };
  const judged = judgeOwnership(present, name, nowMs, areKin);
  const { winner, sharing } = judged;
  const { isBorrowed: isInUse } = name;
  const holder = winner?.service === judged.owner.service ? winner : { ...judged.owner, isInUse };
  const diagnostics = [
    ...reportedToYield,
    ...judged.refused.flatMap((one) => nameTaken(key, one, holder, winner?.shape ?? knownShape, areKin, saidMs)),
  ];
  return {
    key,
    definitions,
    winner,
    sharing,
    refused: [...yielded, ...judged.refused],
    owner: judged.owner,
    diagnostics,
  };
}

const NONE_YIELDS: ReadonlyMap<Definition, Contender> = new Map();

function publishedAs(key: ResourceKey, { chart }: PublishedNames): ConfigObject | undefined {
  const { section, name } = splitKey(key);
  return chart?.[section].get(name);
}

/**
 * The owner of a name that no service defines at the moment: known as long as the name is published (held, or answering 503)
 * or other services use it, and for a while after that.
 */
function rememberedOwner(
  owner: Owner,
  { isInUse, isRegistered, keptMs }: { readonly isInUse: boolean } & Pick<KnownName, "isRegistered" | "keptMs">,
  nowMs: number,
): Owner | undefined {
  return isInUse || isKept(owner, keptMs, nowMs) ? absentOwner(owner, isRegistered, nowMs) : undefined;
}

/**
 * @param owner the service that has the name, with its namespace where it defines the name in this pass, and whether others use the
 * name where it does not
 * @param meant the shape that the name has
 */
function nameTaken(
  key: ResourceKey,
  refused: Definition,
  owner: Pick<Owner, "service"> & { readonly namespace?: string; readonly isInUse?: boolean },
  meant: string | undefined,
  areKin: AreKin,
  keptMs: number,
): Diagnostic[] {
  const isOfOtherCatalog = refused.catalogName !== undefined && refused.catalogName !== catalogNameIn(owner.service);
  const isOfOtherNamespace =
    !isOfAllNamespaces(refused.section) && refused.namespace !== (owner.namespace ?? namespaceIn(owner.service));
  const isStranger = !mayMeanTheSame(refused, owner.service, areKin);
  const mayBeAlike = meant === undefined || refused.shape === meant;
  const isNotLent = owner.isInUse === true && mayBeAlike && asksServer(refused.section, refused.object);
  const why = isOfOtherNamespace
    ? "is of another namespace, so that the two share no name"
    : isStranger && refused.shape === meant
      ? "shares its servers with services of its Nomad job, its allocation or its namespace only"
      : isNotLent
        ? "is away: while others use it, one that asks a server is not lent by another service"
        : "defines it differently";
  const remedy = isOfOtherNamespace
    ? "choose another name, or chart each namespace as a catalog of its own (catalogs) with equalNames: prefix"
    : `choose another name${isStranger || isNotLent ? "" : ", or give both services equal tags for it"}${isOfOtherCatalog ? ", or set equalNames: prefix" : ""}`;
  const ifUnused = kindOf(splitKey(key).section) === "middlewares" ? ", if no other service uses it" : "";
  return refused.instances.map((instance) =>
    diagnose(instance, {
      code: "NAME_TAKEN",
      leavesOut: key,
      message: `${key} belongs to service ${JSON.stringify(owner.service)}, which ${why}`,
      remedy: Number.isFinite(keptMs)
        ? `${remedy}; the name is free ${keptMs / 1000} s after its owner's last healthy instance is gone${ifUnused}`
        : `${remedy}; the name is its owner's for as long as its routers are held or kept`,
    }),
  );
}
