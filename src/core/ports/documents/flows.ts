import { compareBytes } from "../../../go/byte-order.ts";
import { DEFAULT_NAMESPACE } from "../../catalog/snapshot.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { clientName, isClient, ownerName } from "../ledger/owner.ts";
import { formatRange, isWithin, type PortRange } from "../port-range.ts";
import type { Block, FlowArrow, FlowNode } from "./document.ts";
import { networkName } from "./network-name.ts";
import { portsLabel } from "./ports-label.ts";

const USERS: FlowNode = { key: "users", label: ["users"], shape: "round" };
const BALANCER_KEY = "load balancer";

/** A service, network or user that connects, and the entry whose ports it connects to. */
interface Connection {
  readonly from: FlowNode;
  readonly to: FlowNode;
  readonly entry?: LedgerEntry;
}

/**
 * Who connects to whom, as declared: users to what is public, the load balancer to what is behind the ingress and to what the
 * scheduler has placed, networks to what is opened to them, and services to those whose `clients` they are. Who has no part in
 * that is not shown.
 */
export function flowBlocks(ledger: Ledger, dynamic: PortRange): readonly Block[] {
  const connections = connectionsIn(ledger, dynamic);
  if (connections.length === 0) return [];
  const byKey = new Map(connections.flatMap(({ from, to }) => [from, to]).map((node) => [node.key, node]));
  const nodes = [...byKey.values()].toSorted(inOrder);
  const arrows = Map.groupBy(connections, ({ from, to }) => JSON.stringify([from.key, to.key]));
  return [
    {
      kind: "flowchart",
      direction: "LR",
      nodes,
      arrows: [...arrows.values()].flatMap(arrowOf).toSorted(inArrowOrder(nodes)),
    },
  ];
}

function connectionsIn(ledger: Ledger, dynamic: PortRange): readonly Connection[] {
  const balancer = balancerOf(ledger);
  const nodeOf = (entry: LedgerEntry): FlowNode => (isBalancer(entry, ledger) ? balancer : serviceNode(entry, ledger));
  const own = ledger.entries.flatMap((entry): readonly Connection[] => {
    const to = nodeOf(entry);
    const { exposure, from } = entry;
    const others = [
      ...clientsOf(entry, ledger).map((client) => (typeof client === "string" ? strangerNode(client) : nodeOf(client))),
      ...(from ?? []).map((network) => networkNode(networkName(network, ledger))),
      ...(from === undefined && exposure === "public" ? [USERS] : []),
      ...(from === undefined && exposure === "ingress" ? [balancer] : []),
    ];
    return others.filter(({ key }) => key !== to.key).map((one) => ({ from: one, to, entry }));
  });
  const scheduled = ledger.ingress.length === 0 ? [] : [{ from: balancer, to: scheduledNode(dynamic) }];
  const all = [...own, ...scheduled];
  return [...all, ...wayOfUsers(all, balancer)];
}

/** Users reach a load balancer without public ports by the services that connect to it, such as a tunnel's end, or by a way that is not told. */
function wayOfUsers(own: readonly Connection[], balancer: FlowNode): readonly Connection[] {
  const isUsed = own.some(({ from }) => from.key === balancer.key);
  const doors = own.filter(({ to }) => to.key === balancer.key).map(({ from }) => from);
  if (!isUsed || doors.some(({ key }) => key === USERS.key)) return [];
  const services = doors.filter(({ shape }) => shape !== "round");
  return (services.length === 0 ? [balancer] : services).map((to) => ({ from: USERS, to }));
}

function balancerOf({ ingress }: Ledger): FlowNode {
  return {
    key: BALANCER_KEY,
    label: ["load balancer", ...(ingress.length === 0 ? [] : [ingress.join(", ")])],
    shape: "box",
  };
}

/** What the load balancer itself listens on: 80 and 443 on its nodes, and all of Traefik's there. */
function isBalancer({ owners, nodes, ports, exposure }: LedgerEntry, { ingress }: Ledger): boolean {
  if (ingress.length === 0 || !(nodes ?? ingress).every((node) => ingress.includes(node))) return false;
  return owners.includes("traefik") || (exposure === "public" && [80, 443].some((port) => isWithin(port, ports)));
}

function serviceNode(entry: LedgerEntry, { entries }: Ledger): FlowNode {
  const name = ownerName(entry);
  const isStore = entries.every((one) => ownerName(one) !== name || one.exposure === "never");
  return {
    key: `service ${name}`,
    label: [entry.owners.join(", ")],
    shape: isStore ? "store" : "box",
    ...(entry.namespace === undefined ? {} : { frame: entry.namespace }),
  };
}

function scheduledNode(dynamic: PortRange): FlowNode {
  return { key: "dynamic", label: ["services on dynamic ports", formatRange(dynamic)], shape: "box" };
}

function strangerNode(name: string): FlowNode {
  return { key: `service ${name}`, label: [name], shape: "box" };
}

function networkNode(name: string): FlowNode {
  return { key: `network ${name}`, label: [name], shape: "round" };
}

/** Entries of owners that are clients of this one, and the names of clients that have no entry. */
function clientsOf(entry: LedgerEntry, { entries }: Ledger): readonly (LedgerEntry | string)[] {
  return (entry.clients ?? []).flatMap((client): readonly (LedgerEntry | string)[] => {
    const named = entries.filter(({ owners, namespace = DEFAULT_NAMESPACE }) =>
      owners.some((service) => isClient({ ...entry, clients: [client] }, { service, namespace })),
    );
    return named.length === 0 ? [clientName(client)] : named;
  });
}

function arrowOf(connections: readonly Connection[]): readonly FlowArrow[] {
  const [first] = connections;
  if (first === undefined) return [];
  const entries = connections.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  return [{ from: first.from.key, to: first.to.key, label: portsLabel(entries) }];
}

const RANK: readonly string[] = [USERS.key, BALANCER_KEY];

/** Users, the load balancer, then the rest by their names, those of one namespace together. */
function inOrder(one: FlowNode, other: FlowNode): number {
  const rank = ({ key }: FlowNode) => (RANK.includes(key) ? RANK.indexOf(key) : RANK.length);
  return (
    rank(one) - rank(other) || compareBytes(one.frame ?? "", other.frame ?? "") || compareBytes(one.key, other.key)
  );
}

/** @param nodes in their order */
function inArrowOrder(nodes: readonly FlowNode[]) {
  const order = new Map(nodes.map(({ key }, place) => [key, place]));
  const place = (key: string) => order.get(key) ?? 0;
  return (one: FlowArrow, other: FlowArrow) => place(one.from) - place(other.from) || place(one.to) - place(other.to);
}
