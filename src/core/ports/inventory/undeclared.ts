import { compareBytes } from "../../../go/byte-order.ts";
import { isAnyPattern } from "../../catalog/glob.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import type { Ledger, Protocol } from "../ledger/ledger.ts";
import { ANY_NODE } from "../observed-port.ts";
import { formatRange, isWithin } from "../port-range.ts";
import type { Registration } from "../registration.ts";
import type { PortSurvey } from "../survey.ts";
import { type PortRow, portTable } from "./port-table.ts";

/** A service at a port that the ledger says nothing of and that no scheduler picked. */
export interface UndeclaredPort {
  readonly port: number;
  readonly protocol: Protocol;
  /** Neither a tag nor the ledger says the protocol. */
  readonly isGuess: boolean;
  readonly service: string;
  /** Where it holds the port: each node with the address there. */
  readonly places: readonly { readonly node: string; readonly address: string }[];
  /** An item of the ledger's `ports` that declares it, to be pasted; undefined where none would do. */
  readonly declaration: string | undefined;
  /** What to do first, where none would do. */
  readonly instead: string | undefined;
}

/** What holds ports without a word of the ledger's, by port; what the scheduler placed is none of it. */
export function undeclaredPorts(survey: PortSurvey): readonly UndeclaredPort[] {
  const rows = portTable(survey).filter(({ status }) => status === "Undeclared");
  const held = rows.flatMap((row) => row.registrations.filter(({ node }) => node === row.node));
  const byPort = Map.groupBy(rows, ({ ports, protocol }) => `${ports.first}/${protocol}`);
  const byService = Map.groupBy(held, ({ port, protocol, instance }) => `${port}/${protocol} ${serviceKey(instance)}`);
  return [...byService.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { port, protocol, isGuess, instance } = first;
    const places = [first, ...more]
      .map(({ node, address }) => ({ node, address }))
      .toSorted((one, other) => compareBytes(one.node, other.node));
    const hasRivals = byPort.get(`${port}/${protocol}`)?.some((row) => isOfOther(row, instance)) === true;
    const instead = obstacle(first, survey.ledger, { nodes: places.map(({ node }) => node), hasRivals });
    const declaration = instead === undefined ? declarationOf(first, places, survey) : undefined;
    return { port, protocol, isGuess, service: serviceKey(instance), places, declaration, instead };
  });
}

function isOfOther({ registrations }: PortRow, instance: ServiceInstance): boolean {
  return registrations.some((other) => serviceKey(other.instance) !== serviceKey(instance));
}

/** Why no line declares it as the ledger stands. */
function obstacle(
  { port, instance }: Registration,
  { range, nodes: known }: Ledger,
  { nodes, hasRivals }: { readonly nodes: readonly string[]; readonly hasRivals: boolean },
): string | undefined {
  if (isAnyPattern([instance.service, instance.namespace])) {
    return "an asterisk in its name would stand for other names in the ledger: name the service otherwise";
  }
  if (range !== undefined && !isWithin(port, range)) {
    return `outside the ledger's range ${formatRange(range)}: widen it, or move the service`;
  }
  const missing = nodes.filter((node) => known.size > 0 && !known.has(node));
  if (missing.length === 0 || !hasRivals) return undefined;
  return `other services hold the port on other nodes, and nodes lacks ${missing.join(", ")}: add them there first`;
}

function declarationOf(
  { port, protocol, instance }: Registration,
  places: UndeclaredPort["places"],
  survey: PortSurvey,
) {
  const { ledger, dynamic } = survey;
  const nodes = [...new Set(places.map(({ node }) => node))];
  // Nodes that the ledger does not list are refused; without any the entry speaks of all nodes.
  const areKnown = nodes.every((node) => (ledger.nodes.size === 0 ? node !== ANY_NODE : ledger.nodes.has(node)));
  const fields = [
    `ports: ${port}`,
    ...(protocol === "udp" ? ["protocol: udp"] : []),
    `owner: ${JSON.stringify(instance.service)}`,
    ...(namespaceOf(instance) === DEFAULT_NAMESPACE ? [] : [`namespace: ${JSON.stringify(instance.namespace)}`]),
    // What may be routed now stays so.
    `exposure: ${isWithin(port, dynamic) ? "ingress" : "internal"}`,
    ...(areKnown ? [`nodes: [${nodes.map((node) => JSON.stringify(node)).join(", ")}]`] : []),
    'purpose: "…"',
  ];
  return `{ ${fields.join(", ")} }`;
}
