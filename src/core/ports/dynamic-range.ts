import { formatRange, isWithinRange, joinRanges, type PortRange } from "./port-range.ts";

/** Nomad's own `min_dynamic_port` to `max_dynamic_port`, unless other settings are made. */
export const DEFAULT_DYNAMIC: PortRange = { first: 20_000, last: 32_000 };

/** The ports that a client of Nomad hands out, and those that its configuration reserves. */
export interface ClientPorts {
  /** The client's name. */
  readonly node: string;
  /** By which Nomad's own registrations call it. */
  readonly id: string;
  readonly dynamic: PortRange;
  /** `client { reserved { reserved_ports = "…" } }`; none where nothing is reserved. */
  readonly reserved: readonly PortRange[];
}

/** What a Nomad said last of its clients' dynamic ports. */
export interface ReportedRanges {
  readonly clients: number;
  /** Each range once, in ascending order; never empty. */
  readonly ranges: readonly PortRange[];
}

/** A Nomad that is asked for its dynamic ports. */
export interface AskedNomad {
  /** For people; without a password. */
  readonly address: string;
  /** Undefined where nothing is known yet. */
  readonly reported: ReportedRanges | undefined;
  /** It does not answer at the moment; what it reported before counts. */
  readonly isSilent: boolean;
}

/** The ports that the scheduler hands out, as far as is known. */
export interface DynamicRange {
  readonly ports: PortRange;
  /** Who says so, for people: `from Nomad at http://127.0.0.1:4646, 12 clients`. */
  readonly origin: string;
}

/** At least one client is needed. */
export function reportedRanges(clients: readonly ClientPorts[]): ReportedRanges {
  const ranges = new Map(clients.map(({ dynamic }) => [formatRange(dynamic), dynamic]));
  const ascending = [...ranges.values()].toSorted((a, b) => a.first - b.first || a.last - b.last);
  return { clients: clients.length, ranges: ascending };
}

/**
 * | the settings name a range | a Nomad is asked | what counts |
 * |---|---|---|
 * | yes | | the settings |
 * | no | yes, and it has reported | from the lowest to the highest port that any client of any Nomad hands out |
 * | no | yes, and it has not yet | Nomad's default, as its part |
 * | no | no | Nomad's default |
 *
 * What a silent Nomad reported last counts, so that an outage never narrows what may be routed.
 */
export function dynamicRange(inSettings: PortRange | undefined, nomads: readonly AskedNomad[]): DynamicRange {
  if (inSettings !== undefined) return { ports: inSettings, origin: "from the settings" };
  if (nomads.length === 0) return { ports: DEFAULT_DYNAMIC, origin: "Nomad's default, no Nomad is asked" };
  const ranges = nomads.flatMap(({ reported }) => reported?.ranges ?? [DEFAULT_DYNAMIC]);
  return {
    ports: {
      first: Math.min(...ranges.map(({ first }) => first)),
      last: Math.max(...ranges.map(({ last }) => last)),
    },
    origin: nomads.map(originOf).join("; "),
  };
}

function originOf({ address, reported, isSilent }: AskedNomad): string {
  if (reported === undefined) return `Nomad's default until Nomad at ${address} reports its own`;
  const { clients, ranges } = reported;
  const count = `${clients} client${clients === 1 ? "" : "s"}`;
  const differing = ranges.length === 1 ? "" : ` that differ (${ranges.map(formatRange).join(", ")})`;
  return `from Nomad at ${address}, ${count}${differing}${isSilent ? ", as last reported" : ""}`;
}

/** Whether the client's configuration reserves all these ports, so that it hands none of them out. */
export function isReserved(ports: readonly PortRange[], { reserved }: ClientPorts): boolean {
  const kept = joinRanges(reserved);
  return ports.every((own) => kept.some((one) => isWithinRange(one, own)));
}
