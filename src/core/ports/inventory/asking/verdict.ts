import {
  coversAnywhere,
  type LedgerEntry,
  type Place,
  type PortGroup,
  type PortScope,
  type Protocol,
} from "../../ledger/ledger.ts";
import { isOwner, mayBeOwner, type NamedService } from "../../ledger/owner.ts";
import { scopeAt, scopeOfEntry } from "../../ledger/scope.ts";
import { isWithin, joinRanges, type PortRange } from "../../port-range.ts";
import type { Registration } from "../../registration.ts";
import type { StaticPortOnNode } from "../../static-port.ts";
import { type PortSurvey, portStateAt, registrationsAt } from "../../survey.ts";
import { takenNear } from "../next-free.ts";
import { unregisteredStatics } from "../unregistered-statics.ts";

/**
 * How a port stands for a service that wants it; the worst first.
 *
 * | verdict | the port |
 * |---|---|
 * | balancer | is 80 or 443: the load balancer's on every node, free or not, unless it is declared for the one who asks |
 * | taken | is registered by another service, or a file of the operator's sends requests there by a fixed address |
 * | declared | is declared for another owner |
 * | unsure | is registered by a service of which nothing tells whether it is by this protocol |
 * | unknown | is of a node that neither the catalog nor the ledger's list of nodes knows |
 * | outside | is free, and outside the ledger's range: it cannot be declared |
 * | crowded | is free, and nearer to a neighbour than its group wants |
 * | free | is free, or declared for the service that asks |
 */
export const VERDICTS = ["balancer", "taken", "declared", "unsure", "unknown", "outside", "crowded", "free"] as const;

export type VerdictKind = (typeof VERDICTS)[number];

/** How a port of one protocol on one node stands for the service that asks. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** The port is unique in the cluster: what holds it on any node holds it here. */
  readonly isClusterWide: boolean;
  /** Who is registered there, the service that asks among them. */
  readonly registrations: readonly Registration[];
  /** Who is registered there by a protocol that is a guess, and by that guess not by this one. */
  readonly doubtful: readonly Registration[];
  readonly entries: readonly LedgerEntry[];
  /** What the operator's files send there by fixed addresses. */
  readonly statics: readonly StaticPortOnNode[];
  /** Of one that is crowded: by what. */
  readonly crowding?: Crowding;
}

/** A group whose spacing a port does not keep. */
export interface Crowding {
  readonly group: PortGroup;
  /** What is taken nearer than the spacing, in ascending order. */
  readonly neighbours: readonly PortRange[];
}

/** Of HTTP and HTTPS. */
export const BALANCER_PORTS: readonly number[] = [80, 443];

/** A node by its name; undefined stands for any where none is known. */
export type AskedNode = string | undefined;

/**
 * The verdict on each of these nodes, in their order.
 *
 * @param asking the service that wants the port, where known
 */
export function verdictsOn(
  nodes: readonly AskedNode[],
  place: PortOnly,
  { survey, asking }: { readonly survey: PortSurvey; readonly asking: NamedService | undefined },
): readonly Verdict[] {
  const isClusterWide = scopeAsked(place, survey) === "cluster";
  const everywhere = isClusterWide ? factsAt(survey, place, nodes[0], isClusterWide) : undefined;
  const crowding = crowdingAt(survey, place.port);
  return nodes.map((node) => {
    const facts = everywhere ?? factsAt(survey, place, node, isClusterWide);
    const kind = kindOf({ ...facts, crowding, node, port: place.port }, survey, asking);
    return { kind, isClusterWide, ...facts, ...(kind === "crowded" && crowding ? { crowding } : {}) };
  });
}

/** As entries of the port say, else as an entry would that declared it: who asks plans the port, also one of the dynamic range. */
function scopeAsked(place: PortOnly, { ledger, dynamic }: PortSurvey): PortScope {
  const { port } = place;
  if (ledger.entries.some((entry) => coversAnywhere(entry, place))) return scopeAt(place, ledger, dynamic);
  const isDeclarable = ledger.range === undefined || isWithin(port, ledger.range);
  return isDeclarable ? scopeOfEntry({ ports: { first: port, last: port } }, ledger) : "node";
}

type PortOnly = Omit<Place, "node">;

type Facts = Pick<Verdict, "registrations" | "doubtful" | "entries" | "statics">;

/** What holds the port and for whom it is declared, on the node, or on any where ports are unique in the cluster. */
function factsAt(survey: PortSurvey, place: PortOnly, node: AskedNode, isClusterWide: boolean): Facts {
  const nodes = isClusterWide ? [...survey.nodes.keys()] : [node ?? ""];
  const states = nodes.map((one) => portStateAt(survey, { ...place, node: one }));
  const other: Protocol = place.protocol === "tcp" ? "udp" : "tcp";
  const doubtful = nodes
    .flatMap((one) => registrationsAt(survey, { ...place, protocol: other, node: one }))
    .filter(({ isGuess, isInside }) => isGuess && !isInside);
  return {
    entries: [...new Set(states.flatMap(({ entries }) => entries))],
    registrations: [...new Set(states.flatMap(({ registrations }) => registrations))],
    doubtful,
    statics: unregisteredStatics(survey).filter(
      (one) => one.port === place.port && one.protocol === place.protocol && nodes.includes(one.node),
    ),
  };
}

function kindOf(
  {
    port,
    node,
    registrations,
    doubtful,
    entries,
    statics,
    crowding,
  }: Facts & { readonly port: number; readonly node: AskedNode; readonly crowding: Crowding | undefined },
  { ledger, nodes }: PortSurvey,
  asking: NamedService | undefined,
): VerdictKind {
  const isOther = ({ instance }: Registration) => !isAsking(instance, asking);
  const isOwn = (entry: LedgerEntry) => asking !== undefined && isDeclaredFor(entry, asking);
  const hasOwn = entries.some(isOwn);
  if (BALANCER_PORTS.includes(port) && !hasOwn) return "balancer";
  if (registrations.some(isOther) || (statics.length > 0 && !hasOwn)) return "taken";
  if (entries.some((entry) => !isOwn(entry))) return "declared";
  if (doubtful.some(isOther)) return "unsure";
  if (hasOwn) return "free";
  if (node !== undefined && ledger.nodes.size > 0 && !nodes.has(node)) return "unknown";
  if (ledger.range !== undefined && !isWithin(port, ledger.range)) return "outside";
  return crowding === undefined ? "free" : "crowded";
}

/** Without a namespace the question is about the services of that name in all of them. */
function isAsking(service: NamedService, asking: NamedService | undefined): boolean {
  if (service.service !== asking?.service) return false;
  return asking.namespace === "" || service.namespace === "" || service.namespace === asking.namespace;
}

export function isDeclaredFor(entry: LedgerEntry, asking: NamedService): boolean {
  return asking.namespace === "" ? mayBeOwner(entry, asking) : isOwner(entry, asking);
}

function crowdingAt(survey: PortSurvey, port: number): Crowding | undefined {
  for (const group of survey.ledger.groups) {
    if (!isWithin(port, group.ports)) continue;
    const near = { first: port - group.spacing + 1, last: port + group.spacing - 1 };
    const neighbours = joinRanges(takenNear(near, survey).filter((range) => !isWithin(port, range)));
    if (neighbours.length > 0) return { group, neighbours };
  }
  return undefined;
}
