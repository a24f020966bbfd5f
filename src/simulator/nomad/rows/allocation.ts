import type { Indexes } from "./indexes.ts";
import type { JobRow } from "./job.ts";
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
  /** What the client says of it: pending, running, complete, failed, lost, unknown. Default: running. */
  readonly ClientStatus?: string;
  /** What the servers want of it: run, stop, evict. Default: run. */
  readonly DesiredStatus?: string;
  /** Why they want it to stop. Default: empty. */
  readonly DesiredDescription?: string;
  /** `Migrate` while its client is drained. Default: null. */
  readonly DesiredTransition?: { readonly Migrate: boolean | null };
  /** Default: none. */
  readonly DeploymentID?: string;
  /** Default: 0. */
  readonly JobVersion?: number;
  /** The one that takes its place. Default: none. */
  readonly NextAllocation?: string;
  /** Its number in the group, which stands in its name. Default: 0. */
  readonly AllocIndex?: number;
}

/** An allocation in the shape in which Nomad's API lists it. Rows are never changed, only replaced. */
export type AllocationRow = ReturnType<typeof allocationRow>;

export function allocationRow(definition: AllocationDefinition, indexes: Indexes) {
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
    ClientDescription: CLIENT_DESCRIPTIONS[ClientStatus] ?? "",
    ClientStatus,
    ...indexes,
    CreateTime: 0,
    DeploymentID: definition.DeploymentID ?? "",
    DeploymentStatus:
      DeploymentStatus === null
        ? null
        : {
            Canary: DeploymentStatus.Canary,
            Healthy: DeploymentStatus.Healthy,
            ModifyIndex: indexes.ModifyIndex,
            Timestamp: DeploymentStatus.Healthy === null ? null : "2026-11-29T20:27:52.829350038Z",
          },
    DesiredDescription: definition.DesiredDescription ?? "",
    DesiredStatus: definition.DesiredStatus ?? "run",
    DesiredTransition: {
      ForceReschedule: null,
      Migrate: definition.DesiredTransition?.Migrate ?? null,
      MigrateDisablePlacement: null,
      NoShutdownDelay: null,
      Reschedule: null,
    },
    EvalID: "",
    FollowupEvalID: "",
    ID,
    JobID,
    JobType: "service",
    JobVersion: definition.JobVersion ?? 0,
    ModifyTime: 0,
    Name: `${JobID}.${TaskGroup}[${definition.AllocIndex ?? 0}]`,
    Namespace,
    NextAllocation: definition.NextAllocation ?? "",
    NodeID,
    NodeName,
    PreemptedAllocations: null,
    PreemptedByAllocation: "",
    RescheduleTracker: null,
    TaskGroup,
    TaskStates: {},
  };
}

const CLIENT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  pending: "No tasks have started",
  running: "Tasks are running",
  complete: "All tasks have completed",
  failed: "Failed tasks",
};

/** Has its client ended it for good? */
export function isTerminal({ ClientStatus }: AllocationRow): boolean {
  return ["complete", "failed", "lost"].includes(ClientStatus);
}

/** As a list shows it. */
export function listedAllocation(
  { AllocatedResources, DeploymentID: _, TaskStates, ...row }: AllocationRow,
  shown: { readonly hasResources: boolean; readonly hasTaskStates: boolean },
) {
  return {
    ...(shown.hasResources ? { AllocatedResources } : {}),
    ...row,
    TaskStates: shown.hasTaskStates ? TaskStates : null,
  };
}

/** As it is shown alone, by its client and in events: without what is not set. */
export function wholeAllocation(row: AllocationRow, job?: JobRow) {
  const { DeploymentStatus, DesiredDescription, DesiredTransition, FollowupEvalID, JobType, JobVersion, ...rest } = row;
  const { NextAllocation, PreemptedAllocations, PreemptedByAllocation, RescheduleTracker, ...others } = rest;
  return {
    AllocModifyIndex: row.CreateIndex,
    ...others,
    ...(DeploymentStatus === null ? {} : { DeploymentStatus }),
    ...(DesiredDescription === "" ? {} : { DesiredDescription }),
    ...(DesiredTransition.Migrate === null ? {} : { DesiredTransition }),
    ...(NextAllocation === "" ? {} : { NextAllocation }),
    ...(job === undefined ? {} : { Job: job }),
  };
}
