import { compareBytes } from "../../go/byte-order.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import {
  coversAnywhere,
  entryCovers,
  knownNodeOf,
  type Ledger,
  type LedgerEntry,
  type Place,
  type PortScope,
} from "./ledger/ledger.ts";
import { isOwner, isSameOwner } from "./ledger/owner.ts";
import { scopeAt } from "./ledger/scope.ts";
import { type ObservedPort, observedRegistrations } from "./observed-port.ts";
import { isWithin, type PortRange } from "./port-range.ts";
import type { SurveySettings } from "./port-settings.ts";
import { type Registration, registrationsOf } from "./registration.ts";
import { haveRivals } from "./rivals.ts";
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
  for (const entry of ledger.entries) {
    for (const node of entry.nodes ?? []) if (!nodes.has(node)) nodes.set(node, "");
  }
  for (const node of ledger.ingress) if (!nodes.has(node)) nodes.set(node, "");
  const clusterNodes = ledger.nodes.size === 0 ? new Map(nodes) : ledger.nodes;
  for (const registration of observed.flatMap((port) => observedRegistrations(port, clusterNodes))) {
    add(registration);
    if (!nodes.has(registration.node)) nodes.set(registration.node, registration.address);
  }
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

/** As `portStateAt` for one node, or, where the port is one owner's on all nodes, for all: without what is inside of each. */
interface SharedState extends Omit<PortState, "inside"> {
  readonly isCounted: (registration: Registration) => boolean;
}

export function portStateAt(survey: PortSurvey, place: KnownPortPlace): PortState {
  const { isCounted, ...state } = isClusterWide(survey, place)
    ? clusterState(survey)(`${place.port}/${place.protocol}`, place)
    : nodeState(survey)(portPlaceKey(place), place);
  return { ...state, inside: registrationsAt(survey, place).filter((one) => !isCounted(one)) };
}

/**
 * Finds out how every registered port stands, with a pause after each, so that a daemon may do other work meanwhile; what asks the
 * survey afterwards is answered from memory.
 */
export function* judgeInSteps(survey: PortSurvey): Steps<PortSurvey> {
  for (const [place] of survey.registrations.values()) {
    if (place !== undefined) portStateAt(survey, place);
    yield;
  }
  return survey;
}

function isClusterWide({ ledger, dynamic }: PortSurvey, place: KnownPortPlace): boolean {
  return scopeAt(place, ledger, dynamic) === "cluster";
}

/** A survey is asked about the same ports by the table, the metrics and the log, and in a cluster about one port for each node. */
function remembered(derive: (survey: PortSurvey, place: KnownPortPlace) => SharedState) {
  return memoize((survey: PortSurvey) => {
    const known = new Map<string, SharedState>();
    return (key: string, place: KnownPortPlace): SharedState => {
      const state = known.get(key) ?? derive(survey, place);
      known.set(key, state);
      return state;
    };
  });
}

const nodeState = remembered((survey, place) =>
  stateOf(survey, place, {
    entries: survey.ledger.entries.filter((entry) => entryCovers(entry, place)),
    all: registrationsAt(survey, place),
    scope: "node",
  }),
);

const clusterState = remembered((survey, place) =>
  stateOf(survey, place, {
    entries: survey.ledger.entries.filter((entry) => coversAnywhere(entry, place)),
    all: registrationsByPort(survey).get(`${place.port}/${place.protocol}`) ?? [],
    scope: "cluster",
  }),
);

/** By `PORT/PROTOCOL`, of all nodes in the order of their names. */
const registrationsByPort = memoize(({ registrations }: PortSurvey) => {
  const all = [...registrations.values()].flat().toSorted((one, other) => compareBytes(one.node, other.node));
  return Map.groupBy(all, ({ port, protocol }) => `${port}/${protocol}`);
});

function stateOf(
  survey: PortSurvey,
  { port }: KnownPortPlace,
  {
    entries,
    all,
    scope,
  }: {
    readonly entries: readonly LedgerEntry[];
    readonly all: readonly Registration[];
    readonly scope: PortScope;
  },
): SharedState {
  const isCounted = (one: Registration) => !one.isInside || entries.some((entry) => isOwner(entry, one.instance));
  const registrations = all.filter(isCounted);
  const state = { entries, registrations, isCounted };
  if (areContested(entries) || haveRivals(registrations, all, { entries, scope }))
    return { ...state, status: "Conflict" };
  if (registrations.length === 0) return { ...state, status: entries.length === 0 ? "Free" : "Reserved" };
  if (entries.length === 0)
    return { ...state, status: isScheduled(port, registrations, survey) ? "Scheduled" : "Undeclared" };
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
  return entries.some((one) => entries.some((other) => !isSameOwner(one, other)));
}

/** The services that are registered there, each once. */
export function holders(registrations: readonly Registration[]): readonly string[] {
  return [...new Set(registrations.map(({ instance }) => serviceKey(instance)))].toSorted(compareBytes);
}
