import { compareBytes } from "../../go/byte-order.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import {
  coversAnywhere,
  entryCovers,
  knownNodeOf,
  type Ledger,
  type LedgerEntry,
  type Place,
} from "./ledger/ledger.ts";
import { isOwner, isSameOwner } from "./ledger/owner.ts";
import { scopeAt } from "./ledger/scope.ts";
import { type ObservedPort, observedRegistrations } from "./observed-port.ts";
import { isWithin, type PortRange } from "./port-range.ts";
import type { SurveySettings } from "./port-settings.ts";
import { areRivals, type Registration, registrationsOf } from "./registration.ts";
import { type StaticPort, type StaticPortOnNode, staticPortsOnNodes } from "./static-port.ts";

/** What is declared and what is registered, side by side. */
export interface PortSurvey {
  readonly dynamic: PortRange;
  readonly ledger: Ledger;
  /** All that is registered at a port on a node, by `PORT/PROTOCOL NODE`. */
  readonly registrations: ReadonlyMap<string, readonly Registration[]>;
  /** Every node that the ledger or the catalog knows, with its address, by name. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Ports that files of the operator's point at by fixed addresses. */
  readonly statics: readonly StaticPortOnNode[];
}

/**
 * Of all instances of the catalog, those without routes too: they hold ports like any other.
 *
 * @param observed ports that were seen to be held otherwise than in the catalog
 */
export function surveyPorts(
  instances: readonly ServiceInstance[],
  { ports: { dynamic, ledger }, traefik: { prefix } }: SurveySettings,
  statics: readonly StaticPort[] = [],
  observed: readonly ObservedPort[] = [],
): PortSurvey {
  const registrations = new Map<string, Registration[]>();
  const add = (registration: Registration): void => {
    const key = portPlaceKey(registration);
    const there = registrations.get(key);
    if (there === undefined) registrations.set(key, [registration]);
    else there.push(registration);
  };
  const nodes = new Map(ledger.nodes);
  for (const instance of instances) {
    const node = knownNodeOf(ledger, instance) ?? instance.node;
    if (!nodes.has(node)) nodes.set(node, instance.nodeAddress === "" ? instance.address : instance.nodeAddress);
    for (const registration of registrationsOf(instance, { ledger, prefix })) add(registration);
  }
  const clusterNodes = ledger.nodes.size === 0 ? new Map(nodes) : ledger.nodes;
  for (const registration of observed.flatMap((port) => observedRegistrations(port, clusterNodes))) {
    add(registration);
    if (!nodes.has(registration.node)) nodes.set(registration.node, registration.address);
  }
  for (const entry of ledger.entries) {
    for (const node of entry.nodes ?? []) if (!nodes.has(node)) nodes.set(node, "");
  }
  for (const node of ledger.ingress) if (!nodes.has(node)) nodes.set(node, "");
  return {
    dynamic,
    ledger,
    registrations,
    nodes: new Map([...nodes].toSorted(([one], [other]) => compareBytes(one, other))),
    statics: staticPortsOnNodes(statics, nodes),
  };
}

/** A place whose node is known. */
export type KnownPortPlace = Place & { readonly node: string };

/** `PORT/PROTOCOL NODE`. */
export function portPlaceKey({ port, protocol, node }: KnownPortPlace): string {
  return `${port}/${protocol} ${node}`;
}

export function registrationsAt(survey: PortSurvey, place: KnownPortPlace): readonly Registration[] {
  return survey.registrations.get(portPlaceKey(place)) ?? [];
}

/**
 * | status | declared | registered |
 * |---|---|---|
 * | Reserved | for one owner | by no service |
 * | Active | for one owner | by that owner |
 * | Squatted | for one owner | by others only |
 * | Undeclared | for no owner | by a service, outside the dynamic range or in a group, or observed beside the catalog |
 * | Scheduled | for no owner | by a service, on a port of the dynamic range that is in no group |
 * | Inside | for no owner | at addresses of their own only, which hold no port of the node's |
 * | Static | for one owner or for none | by no service; a snippet points there by a fixed address |
 * | Conflict | for two owners; or: | by two services at one address, or on any two nodes where the scope is the cluster |
 *
 * An owner that is registered at an address of its own is there all the same. Owners of one entry share its ports.
 */
export const PORT_STATUSES = [
  "Reserved",
  "Active",
  "Squatted",
  "Undeclared",
  "Scheduled",
  "Inside",
  "Static",
  "Conflict",
] as const;

export type PortStatus = (typeof PORT_STATUSES)[number];

/** How a port of one protocol on one node is declared and registered. */
export interface PortState {
  /** `Free`: neither declared nor held by any service. */
  readonly status: Exclude<PortStatus, "Inside" | "Static"> | "Free";
  /** Where the port is one owner's on all nodes, those of all nodes. */
  readonly entries: readonly LedgerEntry[];
  /** Those that hold the port, and the owner where it is; where the port is one owner's on all nodes, those of all nodes. */
  readonly registrations: readonly Registration[];
  /** Others on the node that are registered with the port at addresses of their own. */
  readonly inside: readonly Registration[];
}

export function portStateAt(survey: PortSurvey, place: KnownPortPlace): PortState {
  const { ledger, dynamic, nodes } = survey;
  const scope = scopeAt(place, ledger, dynamic);
  const isClusterWide = scope === "cluster";
  const entries = ledger.entries.filter((entry) => (isClusterWide ? coversAnywhere : entryCovers)(entry, place));
  const here = registrationsAt(survey, place);
  const all = isClusterWide ? [...nodes.keys()].flatMap((node) => registrationsAt(survey, { ...place, node })) : here;
  const isCounted = (one: Registration) => !one.isInside || entries.some((entry) => isOwner(entry, one.instance));
  const registrations = all.filter(isCounted);
  const inside = here.filter((one) => !isCounted(one));
  const state = { entries, registrations, inside };
  const isContested = registrations.some((one) =>
    all.some((other) => areRivals(one, other, scope) && !entries.some((entry) => isOwnerOfBoth(entry, one, other))),
  );
  if (isContested || areContested(entries)) return { ...state, status: "Conflict" };
  if (registrations.length === 0) return { ...state, status: entries.length === 0 ? "Free" : "Reserved" };
  if (entries.length === 0)
    return { ...state, status: isScheduled(place.port, registrations, survey) ? "Scheduled" : "Undeclared" };
  const isOwned = entries.some((entry) => registrations.some(({ instance }) => isOwner(entry, instance)));
  return { ...state, status: isOwned ? "Active" : "Squatted" };
}

/** Is it the scheduler's to hand out? The ports of a group are planned, and Nomad is told to reserve them. */
function isScheduled(port: number, registrations: readonly Registration[], { dynamic, ledger }: PortSurvey): boolean {
  if (registrations.some(({ isObserved }) => isObserved)) return false;
  return isWithin(port, dynamic) && !ledger.groups.some(({ ports }) => isWithin(port, ports));
}

/** Do they declare the same port for different owners? */
export function areContested(entries: readonly LedgerEntry[]): boolean {
  return somePair(entries, (one, other) => !isSameOwner(one, other));
}

function isOwnerOfBoth(entry: LedgerEntry, one: Registration, other: Registration): boolean {
  return isOwner(entry, one.instance) && isOwner(entry, other.instance);
}

function somePair<Item>(items: readonly Item[], isSo: (one: Item, other: Item) => boolean): boolean {
  return items.some((one, position) => items.slice(position + 1).some((other) => isSo(one, other)));
}

/** The services that are registered there, each once. */
export function holders(registrations: readonly Registration[]): readonly string[] {
  return [...new Set(registrations.map(({ instance }) => serviceKey(instance)))].toSorted(compareBytes);
}
