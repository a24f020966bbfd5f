import { foldCase } from "../../go/fold-case.ts";
import { believedAllocation } from "../catalog/believed-allocation.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { coversAnywhere, isOnNode, knownNodeOf, type Ledger, PROTOCOLS, type Protocol } from "./ledger.ts";
import { isOwner } from "./owner.ts";

/** A port that an instance holds, as the catalog says. */
export interface Registration {
  readonly instance: ServiceInstance;
  readonly port: number;
  readonly protocol: Protocol;
  /** Neither the ledger nor a tag says the protocol. */
  readonly isGuess: boolean;
  readonly node: string;
  readonly address: string;
}

/** What decides whose a port is and by which protocol. */
export interface RegistrationRules {
  readonly ledger: Ledger;
  /** Of tags that count. */
  readonly prefix: string;
}

/**
 * The ports that an instance holds: its registered one, unless there is none. Catalogs do not know protocols: the ledger
 * does for an owner's port, else tags that ask for routes, which are HTTP unless they say TCP or UDP; else TCP is a guess.
 */
export function registrationsOf(instance: ServiceInstance, rules: RegistrationRules): readonly Registration[] {
  const { port } = instance;
  if (port < 1) return [];
  const node = knownNodeOf(rules.ledger, instance) ?? instance.node;
  const address = instance.address === "" ? instance.nodeAddress : instance.address;
  const known = declaredProtocols(instance, node, rules.ledger) ?? taggedProtocols(instance, rules.prefix);
  const isGuess = known === undefined;
  return (known ?? ["tcp"]).map((protocol) => ({ instance, port, protocol, isGuess, node, address }));
}

function declaredProtocols(
  instance: ServiceInstance,
  node: string,
  { entries }: Ledger,
): readonly Protocol[] | undefined {
  const own = entries.filter((entry) => isOwner(entry, instance) && isOnNode(entry, node));
  const declared = PROTOCOLS.filter((protocol) =>
    own.some((entry) => coversAnywhere(entry, { port: instance.port, protocol })),
  );
  return declared.length === 0 ? undefined : declared;
}

function taggedProtocols({ tags }: ServiceInstance, prefix: string): readonly Protocol[] | undefined {
  const keys = tags.map(foldCase);
  const speaks = (protocol: string) => keys.some((key) => key.startsWith(foldCase(`${prefix}.${protocol}.`)));
  const isTcp = speaks("tcp") || speaks("http");
  if (speaks("udp")) return isTcp ? PROTOCOLS : ["udp"];
  return isTcp || keys.includes(foldCase(`${prefix}.enable=true`)) ? ["tcp"] : undefined;
}

/**
 * Do two services hold one port of one address, so that one of them cannot answer? Not where they are one service
 * registered twice, nor where they are two names for the port of one Nomad allocation.
 */
export function areRivals(one: Registration, other: Registration): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol || one.node !== other.node) return false;
  if (one.address !== other.address || isSameService(one.instance, other.instance)) return false;
  const allocation = believedAllocation(one.instance);
  return allocation === undefined || allocation !== believedAllocation(other.instance);
}

function isSameService(one: ServiceInstance, other: ServiceInstance): boolean {
  return one.service === other.service && one.namespace === other.namespace;
}
