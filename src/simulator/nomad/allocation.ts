import { NODE_ID } from "./node.ts";

/** A port that an allocation was given; the label is the job's. */
export interface PortDefinition {
  readonly Label: string;
  readonly Value: number;
  /** Default: 127.0.0.1. */
  readonly HostIP?: string;
}

/** What a scheduler has placed; whatever is left out is that of a job with one group, without a deployment. */
export interface AllocationDefinition {
  readonly ID: string;
  readonly JobID: string;
  /** Default: `default`. */
  readonly Namespace?: string;
  /** Default: `app`. */
  readonly TaskGroup?: string;
  /** Default: the client that there is from the start. */
  readonly NodeName?: string;
  readonly NodeID?: string;
  /** Default: none. */
  readonly Ports?: readonly PortDefinition[];
  /** Default: none, as of a job that has not been updated. */
  readonly DeploymentStatus?: { readonly Canary: boolean; readonly Healthy: boolean | null } | null;
  /** Default: running. */
  readonly ClientStatus?: string;
}

/** An allocation in the shape in which Nomad's API lists it. Rows are never changed, only replaced. */
export type AllocationRow = ReturnType<typeof allocationRow>;

export function allocationRow(
  definition: AllocationDefinition,
  indexes: { readonly CreateIndex: number; readonly ModifyIndex: number },
) {
  const { ID, JobID, Namespace = "default", TaskGroup = "app", NodeName = "embedded", NodeID = NODE_ID } = definition;
  const { Ports = [], DeploymentStatus = null, ClientStatus = "running" } = definition;
  const ports = Ports.map(({ Label, Value, HostIP = "127.0.0.1" }) => ({ HostIP, Label, Value }));
  const [first] = ports;
  const networks = [
    {
      DynamicPorts: ports.map(({ Label, Value }) => ({ HostNetwork: "default", Label, Value })),
      IP: first?.HostIP ?? "127.0.0.1",
    },
  ];
  return {
    AllocatedResources: {
      Shared: { DiskMB: 300, Networks: networks, Ports: ports },
      TaskLifecycles: { [TaskGroup]: null },
      Tasks: {
        [TaskGroup]: {
          Cpu: { CpuShares: 20, ReservedCores: null },
          Devices: null,
          Memory: { MemoryMB: 40, MemoryMaxMB: 0 },
          Networks: null,
        },
      },
    },
    ClientDescription: "Tasks are running",
    ClientStatus,
    ...indexes,
    CreateTime: 0,
    DeploymentStatus:
      DeploymentStatus === null
        ? null
        : { ...DeploymentStatus, ModifyIndex: indexes.ModifyIndex, Timestamp: "2026-11-29T20:27:52.829350038Z" },
    DesiredDescription: "",
    DesiredStatus: "run",
    DesiredTransition: {
      ForceReschedule: null,
      Migrate: null,
      MigrateDisablePlacement: null,
      NoShutdownDelay: null,
      Reschedule: null,
    },
    EvalID: "",
    FollowupEvalID: "",
    ID,
    JobID,
    JobType: "service",
    JobVersion: 0,
    ModifyTime: 0,
    Name: `${JobID}.${TaskGroup}[0]`,
    Namespace,
    NextAllocation: "",
    NodeID,
    NodeName,
    PreemptedAllocations: null,
    PreemptedByAllocation: "",
    RescheduleTracker: null,
    TaskGroup,
    TaskStates: {},
  };
}
