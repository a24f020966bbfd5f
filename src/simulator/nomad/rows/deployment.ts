import type { Indexes } from "./indexes.ts";

/** A deployment of a job with one group, as a test describes it. */
export interface DeploymentDefinition {
  readonly ID: string;
  readonly JobID: string;
  /** Default: `default`. */
  readonly Namespace?: string;
  /** Default: `app`. */
  readonly TaskGroup?: string;
  /** Default: 0. */
  readonly JobVersion?: number;
  /** running, successful, failed, cancelled, paused … Default: running. */
  readonly Status?: string;
  /** Default: as Nomad says of a running one. */
  readonly StatusDescription?: string;
  /** Default: 0. */
  readonly DesiredCanaries?: number;
  /** Default: 1. */
  readonly DesiredTotal?: number;
  readonly PlacedAllocs?: number;
  readonly HealthyAllocs?: number;
  readonly UnhealthyAllocs?: number;
  /** Ids of allocations. Default: none. */
  readonly PlacedCanaries?: readonly string[];
  readonly Promoted?: boolean;
}

/** A deployment in the shape in which Nomad's API shows it. */
export type DeploymentRow = ReturnType<typeof deploymentRow>;

export function deploymentRow(definition: DeploymentDefinition, indexes: Indexes) {
  const { ID, JobID, Namespace = "default", TaskGroup = "app", JobVersion = 0, Status = "running" } = definition;
  const { DesiredCanaries = 0, PlacedCanaries = [], Promoted = false } = definition;
  const needsPromotion = DesiredCanaries > 0 && !Promoted ? " but requires manual promotion" : "";
  return {
    ...indexes,
    CreateTime: 0,
    EvalPriority: 50,
    ID,
    IsMultiregion: false,
    JobCreateIndex: indexes.CreateIndex,
    JobID,
    JobModifyIndex: indexes.CreateIndex,
    JobSpecModifyIndex: indexes.CreateIndex,
    JobVersion,
    ModifyTime: 0,
    Namespace,
    Status,
    StatusDescription: definition.StatusDescription ?? `Deployment is running${needsPromotion}`,
    TaskGroups: {
      [TaskGroup]: {
        AutoPromote: false,
        AutoRevert: false,
        DesiredCanaries,
        DesiredTotal: definition.DesiredTotal ?? 1,
        HealthyAllocs: definition.HealthyAllocs ?? 0,
        PlacedAllocs: definition.PlacedAllocs ?? 0,
        PlacedCanaries: PlacedCanaries.length === 0 ? null : PlacedCanaries,
        ProgressDeadline: 600_000_000_000,
        Promoted,
        RequireProgressBy: null,
        UnhealthyAllocs: definition.UnhealthyAllocs ?? 0,
      },
    },
  };
}
