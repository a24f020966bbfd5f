import type { Indexes } from "./indexes.ts";

/** A job with one group, as a test describes it. */
export interface JobDefinition {
  readonly ID: string;
  /** Default: `default`. */
  readonly Namespace?: string;
  /** Default: `app`. */
  readonly TaskGroup?: string;
  /** How many allocations it wants. Default: 1. */
  readonly Count?: number;
  /** Was it stopped? Default: no. */
  readonly Stop?: boolean;
  /** Default: 0. */
  readonly Version?: number;
  /** `update.canary`. Default: 0. */
  readonly Canary?: number;
  /** `shutdown_delay`. Default: 0. */
  readonly ShutdownDelayMs?: number;
  /** The services of the group, each with the names of its checks. Default: none. */
  readonly Services?: readonly {
    readonly Name: string;
    readonly Tags?: readonly string[];
    readonly Checks?: readonly string[];
  }[];
}

/** A job in the shape in which Nomad's API shows it, without what no watcher reads of its tasks. */
export type JobRow = ReturnType<typeof jobRow>;

const NANOSECONDS_PER_MS = 1_000_000;

export function jobRow(definition: JobDefinition, indexes: Indexes) {
  const { ID, Namespace = "default", TaskGroup = "app", Count = 1, Stop = false, Version = 0 } = definition;
  return {
    ...indexes,
    Datacenters: ["*"],
    ID,
    JobModifyIndex: indexes.ModifyIndex,
    Name: ID,
    Namespace,
    NodePool: "default",
    ParameterizedJob: null,
    ParentID: "",
    Periodic: null,
    Priority: 50,
    Region: "global",
    Stable: true,
    // One that wants nothing is as dead as one that was stopped.
    Status: Stop || Count === 0 ? "dead" : "running",
    StatusDescription: "",
    Stop,
    SubmitTime: 0,
    TaskGroups: [
      {
        Count,
        Name: TaskGroup,
        Scaling: null,
        Services: (definition.Services ?? []).map(({ Name, Tags = [], Checks = [] }) => ({
          ...{ Name, Provider: "nomad", Tags },
          Checks: Checks.map((check) => ({ Name: check, Type: "http", Path: "/health" })),
        })),
        ShutdownDelay: (definition.ShutdownDelayMs ?? 0) * NANOSECONDS_PER_MS,
        Update: { AutoPromote: false, AutoRevert: false, Canary: definition.Canary ?? 0, MaxParallel: 1 },
      },
    ],
    Type: "service",
    Version,
  };
}
