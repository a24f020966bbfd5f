import { joinHostPort } from "../../traefik/backend-url.ts";
import { isOnNode, type LedgerEntry } from "../ledger/ledger.ts";
import { isOwner, isSameOwner, ownerName } from "../ledger/owner.ts";
import { holders, type PortStatus, type PortSurvey } from "../survey.ts";
import { type PortRow, portTable } from "./port-table.ts";

/** One entry of the ledger beside what the catalog knows. */
export interface LedgerLine {
  readonly entry: LedgerEntry;
  /** The worst of its ports': Conflict, Squatted, Active, Reserved. */
  readonly status: PortStatus;
  /** Services other than the owner that hold its ports, and owners that claim them too. */
  readonly others: readonly string[];
  /** Where users reach it, on every node that it is on; empty for what users do not reach. */
  readonly accessUrls: readonly string[];
  /** What its keeper should look at. */
  readonly remarks: readonly string[];
}

const WORST_FIRST: readonly PortStatus[] = ["Conflict", "Squatted", "Active", "Reserved"];

/** The ledger, entry by entry, in its own order. */
export function ledgerLines(survey: PortSurvey): readonly LedgerLine[] {
  const rowsOf = Map.groupBy(
    portTable(survey).flatMap((row) => row.entries.map((entry) => ({ entry, row }))),
    ({ entry }) => entry,
  );
  return survey.ledger.entries.map((entry) => {
    const own = (rowsOf.get(entry) ?? []).map(({ row }) => row);
    // What a snippet points at is in use, though its owner registers nowhere.
    const statuses = own.map(({ status: one }): PortStatus => (one === "Static" ? "Active" : one));
    const status = WORST_FIRST.find((one) => statuses.includes(one)) ?? "Reserved";
    return {
      entry,
      status,
      others: othersAt(entry, own),
      accessUrls: accessUrls(survey, entry),
      remarks: remarksOn(entry, status, own),
    };
  });
}

function othersAt(entry: LedgerEntry, rows: readonly PortRow[]): readonly string[] {
  const strangers = rows.flatMap(({ registrations }) =>
    registrations.filter(({ instance }) => !isOwner(entry, instance)),
  );
  const claimants = rows.flatMap(({ entries }) => entries.filter((other) => !isSameOwner(entry, other)));
  return [...new Set([...holders(strangers), ...claimants.map(ownerName)])];
}

function isForUsers({ exposure }: LedgerEntry): boolean {
  return exposure === "public" || exposure === "restricted";
}

/** `http://192.168.7.235:30800`, or without a scheme where the ledger names none. */
function accessUrls({ nodes }: PortSurvey, entry: LedgerEntry): readonly string[] {
  const { ports, scheme } = entry;
  if (!isForUsers(entry) || ports.first !== ports.last) return [];
  return [...nodes]
    .filter(([node, address]) => address !== "" && isOnNode(entry, node))
    .map(([, address]) => `${scheme === undefined ? "" : `${scheme}://`}${joinHostPort(address, String(ports.first))}`);
}

function remarksOn(entry: LedgerEntry, status: PortStatus, rows: readonly PortRow[]): readonly string[] {
  const { expected, nodes, internalPort } = entry;
  const behind = rows.flatMap(({ registrations }) =>
    registrations.filter(({ instance }) => isOwner(entry, instance)).map(({ leadsTo }) => leadsTo),
  );
  const others = [...new Set(behind)].filter((port) => port !== undefined && port !== internalPort);
  return [
    ...(internalPort === undefined || others.length === 0
      ? []
      : [`the ledger says internalPort ${internalPort}, and the port leads to ${others.join(", ")}`]),
    ...(expected === "active" && status === "Reserved"
      ? ["the ledger says active, and no service is registered there: down, or the ledger is out of date"]
      : []),
    ...(expected === "reserved" && status === "Active"
      ? ["the ledger says reserved, and its owner is registered: bring the ledger up to date"]
      : []),
    ...(nodes === undefined && isForUsers(entry)
      ? ["open on every node, so each of them can be attacked there: name nodes, or put it behind the ingress"]
      : []),
  ];
}
