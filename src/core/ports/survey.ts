import { compareBytes } from "../../go/byte-order.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { entryCovers, knownNodeOf, type Ledger, type LedgerEntry, type Place } from "./ledger.ts";
import { isOwner, isSameOwner } from "./owner.ts";
import type { PortRange } from "./port-range.ts";
import type { SurveySettings } from "./port-settings.ts";
import { areRivals, type Registration, registrationsOf } from "./registration.ts";

/** What is declared and what is registered, side by side. */
export interface PortSurvey {
  readonly dynamic: PortRange;
  readonly ledger: Ledger;
  /** All that is registered at a port on a node, by `PORT/PROTOCOL NODE`. */
  readonly registrations: ReadonlyMap<string, readonly Registration[]>;
  /** Every node that the ledger or the catalog knows, with its address, by name. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** Of all instances of the catalog, those without routes too: they hold ports like any other. */
export function surveyPorts(
  instances: readonly ServiceInstance[],
  { ports: { dynamic, ledger }, traefik: { prefix } }: SurveySettings,
): PortSurvey {
  const registrations = new Map<string, Registration[]>();
  const nodes = new Map(ledger.nodes);
  for (const instance of instances) {
    const node = knownNodeOf(ledger, instance) ?? instance.node;
    if (!nodes.has(node)) nodes.set(node, instance.nodeAddress === "" ? instance.address : instance.nodeAddress);
    for (const registration of registrationsOf(instance, { ledger, prefix })) {
      const key = portPlaceKey(registration);
      const there = registrations.get(key);
      if (there === undefined) registrations.set(key, [registration]);
      else there.push(registration);
    }
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
 * | Undeclared | for no owner | by a service |
 * | Conflict | for two owners; or: | by two services at one address |
 */
export type PortStatus = "Reserved" | "Active" | "Squatted" | "Undeclared" | "Conflict";

/** How a port of one protocol on one node is declared and registered. */
export interface PortState {
  /** `Free`: neither declared nor registered. */
  readonly status: PortStatus | "Free";
  readonly entries: readonly LedgerEntry[];
  readonly registrations: readonly Registration[];
}

export function portStateAt(survey: PortSurvey, place: KnownPortPlace): PortState {
  const entries = survey.ledger.entries.filter((entry) => entryCovers(entry, place));
  const registrations = registrationsAt(survey, place);
  return { status: statusOf(entries, registrations), entries, registrations };
}

export function statusOf(entries: readonly LedgerEntry[], registrations: readonly Registration[]): PortState["status"] {
  if (somePair(entries, (one, other) => !isSameOwner(one, other))) return "Conflict";
  if (somePair(registrations, areRivals)) return "Conflict";
  if (registrations.length === 0) return entries.length === 0 ? "Free" : "Reserved";
  if (entries.length === 0) return "Undeclared";
  return entries.some((entry) => registrations.some(({ instance }) => isOwner(entry, instance)))
    ? "Active"
    : "Squatted";
}

function somePair<Item>(items: readonly Item[], isSo: (one: Item, other: Item) => boolean): boolean {
  return items.some((one, position) => items.slice(position + 1).some((other) => isSo(one, other)));
}

/** The services that are registered there, each once. */
export function holders(registrations: readonly Registration[]): readonly string[] {
  return [...new Set(registrations.map(({ instance }) => serviceKey(instance)))].toSorted(compareBytes);
}
