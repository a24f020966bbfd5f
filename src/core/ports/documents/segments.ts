import { isOnNode, type Ledger, type LedgerEntry } from "../ledger/ledger.ts";
import { addressBytes, isInNetwork, parseNetwork } from "../ledger/network.ts";
import { formatRange, type PortRange } from "../port-range.ts";
import { type Block, type FlowNode, textRows } from "./document.ts";
import { networkName } from "./network-name.ts";
import { portsLabel } from "./ports-label.ts";

const INTERNET: FlowNode = { key: "internet", label: ["any host"], shape: "round" };

/** A network of the site, by its name where it has one. */
interface Segment {
  readonly name: string;
  readonly networks: readonly string[];
}

/** The networks with the nodes in them, what any host reaches there, and which ports each network may reach. */
export function segmentBlocks(ledger: Ledger, dynamic: PortRange): readonly Block[] {
  const segments = segmentsOf(ledger);
  if (segments.length === 0) return [];
  const placed = [...ledger.nodes].map(([node, address]) => ({ node, address, segment: segmentAt(address, segments) }));
  const nodes = placed.map(
    ({ node, address, segment }): FlowNode => ({
      key: `node ${node}`,
      label: [node, address, ...(ledger.ingress.includes(node) ? ["load balancer"] : [])],
      shape: "box",
      frame: segment === undefined ? "other networks" : segmentTitle(segment),
    }),
  );
  const empty = segments.filter((one) => placed.every(({ segment }) => segment !== one));
  const hosts = empty.map(
    (segment): FlowNode => ({
      key: `hosts ${segment.name}`,
      label: ["hosts"],
      shape: "round",
      frame: segmentTitle(segment),
    }),
  );
  const open = ledger.entries.filter(({ exposure, from }) => exposure === "public" && from === undefined);
  const arrows = placed.flatMap(({ node }) => {
    const here = open.filter((entry) => isOnNode(entry, node));
    return here.length === 0 ? [] : [{ from: INTERNET.key, to: `node ${node}`, label: portsLabel(here) }];
  });
  const rows = segments.map((segment) => [
    segment.name,
    addressesOf(segment),
    placed.flatMap((one) => (one.segment === segment ? [one.node] : [])).join(", "),
    reachOf(segment, ledger, dynamic),
  ]);
  return [
    {
      kind: "flowchart",
      direction: "TB",
      nodes: [...(arrows.length === 0 ? [] : [INTERNET]), ...nodes, ...hosts],
      arrows,
    },
    textRows(["Network", "Addresses", "Nodes", "May reach"], [...rows, ["any host", "", "", portsLabel(open)]]),
  ];
}

/** The site's networks, and those that entries are opened to besides. */
function segmentsOf(ledger: Ledger): readonly Segment[] {
  const all = new Set([...ledger.networks, ...ledger.entries.flatMap(({ from }) => from ?? [])]);
  const named = [...ledger.namedNetworks].map(([name, networks]) => ({ name, networks }));
  const rest = [...all].filter((network) => networkName(network, ledger) === network);
  return [...named, ...rest.map((network) => ({ name: network, networks: [network] }))];
}

function segmentTitle(segment: Segment): string {
  return [segment.name, addressesOf(segment)].join(" ").trimEnd();
}

/** Empty where the name says it all. */
function addressesOf({ name, networks }: Segment): string {
  const addresses = networks.join(", ");
  return name === addresses ? "" : addresses;
}

/** The narrowest network that the address is in. */
function segmentAt(address: string, segments: readonly Segment[]): Segment | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const around = segments.flatMap((segment) =>
    segment.networks.flatMap((text) => {
      const network = parseNetwork(text);
      return network !== undefined && isInNetwork(network, bytes) ? [{ segment, length: network.length }] : [];
    }),
  );
  return around.toSorted((one, other) => other.length - one.length)[0]?.segment;
}

/** What its hosts may reach beyond what any host may: ports by the ledger, and those that the scheduler hands out. */
function reachOf({ networks }: Segment, ledger: Ledger, dynamic: PortRange): string {
  const isOwn = networks.some((network) => ledger.networks.includes(network));
  const isOpen = ({ from, exposure }: LedgerEntry) =>
    from === undefined ? isOwn && exposure === "internal" : from.some((network) => networks.includes(network));
  const declared = portsLabel(ledger.entries.filter(isOpen));
  return [declared, ...(isOwn ? [`dynamic ports ${formatRange(dynamic)}`] : [])]
    .filter((part) => part !== "")
    .join(", ");
}
