import { compareBytes } from "../../../go/byte-order.ts";
import { isOnNode, type LedgerEntry, PROTOCOLS, type Protocol } from "../ledger.ts";
import { isOwner, ownerName } from "../owner.ts";
import { type PortClass, portClass, portClasses } from "../port-class.ts";
import { cutRanges, intersection, isWithin, type PortRange } from "../port-range.ts";
import type { Registration } from "../registration.ts";
import { type PortStatus, type PortSurvey, portStateAt, registrationsAt, statusOf } from "../survey.ts";

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
}

/**
 * Every port that is registered or declared. A registered one has a line of its own for its node; what is only declared
 * stands together in ranges, for each node that an entry names and once for all other nodes. No two lines tell of one
 * port, protocol and node.
 */
export function portTable(survey: PortSurvey): readonly PortRow[] {
  return [...registeredRows(survey), ...declaredRows(survey)].toSorted(
    (one, other) =>
      one.ports.first - other.ports.first ||
      compareBytes(one.protocol, other.protocol) ||
      Number(one.node === undefined) - Number(other.node === undefined) ||
      compareBytes(one.node ?? "", other.node ?? ""),
  );
}

function* registeredRows(survey: PortSurvey): Generator<PortRow> {
  for (const [place] of survey.registrations.values()) {
    if (place === undefined) continue;
    const { port, protocol, node } = place;
    const { status, registrations, entries } = portStateAt(survey, place);
    if (status === "Free") continue;
    yield {
      ports: { first: port, last: port },
      protocol,
      node,
      class: portClass(port, survey.dynamic),
      status,
      entries,
      registrations,
    };
  }
}

function* declaredRows(survey: PortSurvey): Generator<PortRow> {
  const { entries } = survey.ledger;
  for (const node of [...new Set(entries.flatMap(({ nodes = [] }) => nodes)), undefined]) {
    for (const protocol of PROTOCOLS) {
      const here = entries.filter((entry) => isOnNode(entry, node) && entry.protocols.includes(protocol));
      const ranges = here.map(({ ports }) => ports);
      const registered = registeredPorts(survey, protocol, node).filter((port) =>
        ranges.some((one) => isWithin(port, one)),
      );
      for (const piece of cutRanges([...ranges, ...registered.map((port) => ({ first: port, last: port }))])) {
        const own = here.filter(({ ports }) => intersection(ports, piece) !== undefined);
        // What concerns every node alike is listed once, not for each node that happens to be named.
        if (node !== undefined && own.every(({ nodes }) => nodes === undefined)) continue;
        if (registered.includes(piece.first)) continue;
        const status = statusOf(own, []);
        if (status === "Free") continue;
        for (const { class: portClass, ports } of portClasses(survey.dynamic)) {
          const common = intersection(ports, piece);
          if (common === undefined) continue;
          yield { ports: common, protocol, node, class: portClass, status, entries: own, registrations: [] };
        }
      }
    }
  }
}

/** Ports with lines of their own: those that are registered on the node, or on each node that is known. */
function registeredPorts(survey: PortSurvey, protocol: Protocol, node: string | undefined): readonly number[] {
  const nodes = node === undefined ? [...survey.nodes.keys()] : [node];
  const ports = [...survey.registrations.values()].map(([first]) => first?.port ?? 0);
  return [...new Set(ports)].filter((port) =>
    nodes.every((one) => registrationsAt(survey, { port, protocol, node: one }).length > 0),
  );
}

/** For whom a port is declared, of those who are not registered there. */
export function awaited({ entries, registrations }: Pick<PortRow, "entries" | "registrations">): readonly string[] {
  const missing = entries.filter((entry) => !registrations.some(({ instance }) => isOwner(entry, instance)));
  return [...new Set(missing.map(ownerName))].toSorted(compareBytes);
}
