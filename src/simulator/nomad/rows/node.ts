import type { Indexes } from "./indexes.ts";

/** A client of Nomad, as a test describes it; whatever is left out is that of the one client of a small cluster. */
export interface NodeDefinition {
  readonly Name: string;
  /** Default: 20000, as in Nomad. */
  readonly MinDynamicPort?: number;
  /** Default: 32000. */
  readonly MaxDynamicPort?: number;
  /** `reserved_ports` of the client's settings. Default: none. */
  readonly ReservedHostPorts?: string;
  readonly ID?: string;
  /** Default: 127.0.0.1. */
  readonly Address?: string;
  /** Until when its allocations may stay; undefined where it is not drained. */
  readonly DrainStrategy?: DrainStrategy | undefined;
  /** `ineligible` after a drain. Default: eligible. */
  readonly SchedulingEligibility?: "eligible" | "ineligible";
  /** Default: ready. */
  readonly Status?: string;
}

export interface DrainStrategy {
  /** Nanoseconds; 0 for none. */
  readonly Deadline: number;
  readonly IgnoreSystemJobs: boolean;
  readonly StartedAt: string;
}

/** A client in the shape in which Nomad's API lists it. Rows are never changed, only replaced. */
export type NodeRow = ReturnType<typeof nodeRow>;

export const NODE_ID = "3f4fb4fa-7044-5ef1-a4a8-000000000001";

/** The client that a cluster has from the start. */
export const FIRST_NODE: NodeDefinition = { Name: "embedded" };

export function nodeRow(definition: NodeDefinition, indexes: Indexes) {
  const { Name, Address = "127.0.0.1", ID = NODE_ID } = definition;
  return {
    Address,
    ...indexes,
    Datacenter: "dc1",
    Drain: definition.DrainStrategy !== undefined,
    DrainStrategy: definition.DrainStrategy ?? null,
    Drivers: {},
    HostVolumes: {},
    ID,
    LastDrain: null,
    Name,
    NodeClass: "",
    NodePool: "default",
    NodeResources: {
      Cpu: { CpuShares: 1000, ReservableCpuCores: [0], TotalCpuCores: 1 },
      Devices: null,
      Disk: { DiskMB: 1024 },
      MaxDynamicPort: definition.MaxDynamicPort ?? 32_000,
      Memory: { MemoryMB: 1024 },
      MinDynamicPort: definition.MinDynamicPort ?? 20_000,
      Networks: [{ CIDR: `${Address}/32`, Device: "lo", IP: Address, MBits: 1000, Mode: "host" }],
      NodeNetworks: [
        {
          Addresses: [{ Address, Alias: "default", Family: "ipv4", Gateway: "", ReservedPorts: "" }],
          Device: "lo",
          MacAddress: "",
          Mode: "host",
          Speed: 1000,
        },
      ],
      Processors: { Topology: null },
    },
    ReservedResources: {
      Cpu: { CpuShares: 0, ReservedCpuCores: null },
      Disk: { DiskMB: 0 },
      Memory: { MemoryMB: 0 },
      Networks: { ReservedHostPorts: definition.ReservedHostPorts ?? "" },
    },
    SchedulingEligibility:
      definition.SchedulingEligibility ?? (definition.DrainStrategy === undefined ? "eligible" : "ineligible"),
    Status: definition.Status ?? "ready",
    StatusDescription: "",
    Version: "2.0.0",
  };
}
