import { compareBytes } from "../../../go/byte-order.ts";
import { memoize } from "../../incremental/memoize.ts";
import { isOnNode, type LedgerEntry, PROTOCOLS, type Protocol } from "../ledger/ledger.ts";
import { isOwner, ownerName } from "../ledger/owner.ts";
import { scopeAt, scopeOfEntry } from "../ledger/scope.ts";
import { type PortClass, portClass, portClasses } from "../port-class.ts";
import { cutRanges, intersection, isWithin, type PortRange } from "../port-range.ts";
import type { Registration } from "../registration.ts";
import { haveRivals } from "../rivals.ts";
import {
  areContested,
  type PortStatus,
  type PortSurvey,
  portPlaceKey,
  portStateAt,
  registrationsAt,
} from "../survey.ts";
import { unregisteredStatics } from "./unregistered-statics.ts";

/** One line of the table of ports. */
export interface PortRow {
  readonly ports: PortRange;
  readonly protocol: Protocol;
  /** Undefined: every node for which no other line has these ports. */
  readonly node: string | undefined;
  readonly class: PortClass;
  readonly status: PortStatus;
  /** What the ledger says of it. */
  readonly entries: readonly LedgerEntry[];
  /** Who is registered there. */
  readonly registrations: readonly Registration[];
  /** What in the operator's files points there by a fixed address; absent where a service is registered there. */
  readonly statics?: readonly string[];
}

/**
 * Every port that is registered or declared. A registered one has a line of its own for its node; what is only declared
 * stands together in ranges, for each node that an entry names and once for all other nodes. No two lines tell of one
 * port, protocol and node. Made once for each survey: many views are made of it.
 */
export const portTable = memoize((survey: PortSurvey): readonly PortRow[] =>
  [...registeredRows(survey), ...staticRows(survey), ...declaredRows(survey)].toSorted(comparePortRows),
);

type PortRowPlace = Pick<PortRow, "ports" | "protocol" | "node">;

/** The order of the table: by port, protocol and node, what is of no node last. */
export function comparePortRows(one: PortRowPlace, other: PortRowPlace): number {
  return (
    one.ports.first - other.ports.first ||
    compareBytes(one.protocol, other.protocol) ||
    Number(one.node === undefined) - Number(other.node === undefined) ||
    compareBytes(one.node ?? "", other.node ?? "")
  );
}

function* registeredRows(survey: PortSurvey): Generator<PortRow> {
  for (const [place] of survey.registrations.values()) {
    if (place === undefined) continue;
    const { port, protocol, node } = place;
    const { status, registrations, entries, inside } = portStateAt(survey, place);
    if (status === "Free" && inside.length === 0) continue;
    const own = status === "Free" ? insideOnly(inside) : { status, registrations };
    yield {
      ports: { first: port, last: port },
      protocol,
      node,
      class: portClass(port, survey.dynamic),
      entries,
      ...own,
    };
  }
}

/** Whether or not the ledger declares it. */
function* staticRows(survey: PortSurvey): Generator<PortRow> {
  for (const own of Map.groupBy(unregisteredStatics(survey), portPlaceKey).values()) {
    const [place] = own;
    if (place === undefined) continue;
    const { port, protocol, node } = place;
    const { status, entries, registrations } = portStateAt(survey, place);
    yield {
      ...{ ports: { first: port, last: port }, protocol, node, class: portClass(port, survey.dynamic) },
      ...{ status: status === "Conflict" ? "Conflict" : "Static", entries, registrations },
      statics: [...new Set(own.map(({ name }) => name))].toSorted(compareBytes),
    };
  }
}

/** A conflict there is none of the node's. */
function insideOnly(registrations: readonly Registration[]): Pick<PortRow, "status" | "registrations"> {
  const isContested = haveRivals(registrations, registrations, { entries: [], scope: "node" });
  return { status: isContested ? "Conflict" : "Inside", registrations };
}

function* declaredRows(survey: PortSurvey): Generator<PortRow> {
  const { entries } = survey.ledger;
  for (const node of [...new Set(entries.flatMap(({ nodes = [] }) => nodes)), undefined]) {
    for (const protocol of PROTOCOLS) {
      const ofProtocol = entries.filter((entry) => entry.protocols.includes(protocol));
      const here = ofProtocol.filter((entry) => isOnNode(entry, node));
      const isClusterWide = ofProtocol.some((entry) => scopeOfEntry(entry, survey.ledger) === "cluster");
      const elsewhere = isClusterWide
        ? ofProtocol.filter((entry) => !here.includes(entry) && here.some(meets(entry)))
        : [];
      const ranges = [...here, ...elsewhere].map(({ ports }) => ports);
      const registered = registeredPorts(survey, { protocol, node, ranges });
      for (const piece of cutRanges([...ranges, ...registered.map((port) => ({ first: port, last: port }))])) {
        const isOver = ({ ports }: LedgerEntry) => intersection(ports, piece) !== undefined;
        const own = here.filter(isOver);
        // What concerns every node alike is listed once, not for each node that happens to be named.
        if (own.length === 0 || (node !== undefined && own.every(({ nodes }) => nodes === undefined))) continue;
        if (registered.includes(piece.first)) continue;
        const scope = scopeAt({ port: piece.first, protocol }, survey.ledger, survey.dynamic);
        const declared = scope === "cluster" ? [...own, ...elsewhere.filter(isOver)] : own;
        const status = areContested(declared) ? "Conflict" : "Reserved";
        for (const { class: portClass, ports } of portClasses(survey.dynamic)) {
          const common = intersection(ports, piece);
          if (common === undefined) continue;
          yield { ports: common, protocol, node, class: portClass, status, entries: declared, registrations: [] };
        }
      }
    }
  }
}

function meets({ ports }: LedgerEntry): (other: LedgerEntry) => boolean {
  return (other) => intersection(ports, other.ports) !== undefined;
}

/**
 * Ports of these ranges with lines of their own: those that are registered on the node, or on each node that is known; on any,
 * where they are one owner's on all nodes.
 */
function registeredPorts(
  survey: PortSurvey,
  { protocol, node, ranges }: Pick<PortRow, "protocol" | "node"> & { readonly ranges: readonly PortRange[] },
): readonly number[] {
  const nodes = node === undefined ? [...survey.nodes.keys()] : [node];
  const statics = survey.statics.filter((one) => one.protocol === protocol && one.node === node);
  const isAsked = (port: number) => ranges.some((one) => isWithin(port, one));
  const ports = [...portsOnAnyNode(survey), ...statics.map(({ port }) => port)].filter(isAsked);
  return [...new Set(ports)].filter((port) => {
    if (statics.some((one) => one.port === port)) return true;
    if (nodes.every((one) => registrationsAt(survey, { port, protocol, node: one }).length > 0)) return true;
    if (scopeAt({ port, protocol }, survey.ledger, survey.dynamic) === "node") return false;
    return portStateAt(survey, { port, protocol, node: node ?? "" }).registrations.length > 0;
  });
}

const portsOnAnyNode = memoize(({ registrations }: PortSurvey): readonly number[] => [
  ...new Set([...registrations.values()].flatMap(([first]) => first?.port ?? [])),
]);

/** For whom a port is declared, of those who are not registered there. */
export function awaited({ entries, registrations }: Pick<PortRow, "entries" | "registrations">): readonly string[] {
  const missing = entries.filter((entry) => !registrations.some(({ instance }) => isOwner(entry, instance)));
  return [...new Set(missing.map(ownerName))].toSorted(compareBytes);
}
