const NOMAD_TASK = /^_nomad-task-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-/;

/** The id of the Nomad allocation in a service id, where Nomad made it, or a client wrote one like it. */
export function allocationIdOf(serviceId: string): string | undefined {
  return NOMAD_TASK.exec(serviceId)?.[1];
}

/** The short id of the Nomad allocation behind a service id, as Nomad's own tools show it. */
export function allocationOf(serviceId: string): string | undefined {
  return allocationIdOf(serviceId)?.slice(0, 8);
}

/** An allocation as a Nomad tells of it. */
export interface Allocation {
  readonly id: string;
  readonly namespace: string;
  readonly job: string;
  /** The version of the job that it runs. */
  readonly jobVersion: number;
  /** The task group. */
  readonly group?: string;
  /** Whether Nomad's own services of its group have checks; absent where it was listed with others, which does not say so. */
  readonly hasChecks?: boolean;
  /** The client that it runs on. */
  readonly node: string;
  /** It is on trial: placed by a deployment that has not been promoted. */
  readonly isCanary: boolean;
  /** The ports of the client that it was given, each at an address of the client. */
  readonly ports: readonly AllocatedPort[];
  /** How its tasks are, as the client has told the servers: `pending`, `running`, `complete`, `failed`, `lost` or `unknown`. */
  readonly clientStatus: string;
  /** What its deployment says of it; `none` where it belongs to none. */
  readonly deployment: DeploymentHealth;
  /**
   * Nomad wants it stopped: its job was stopped, updated or moved. Not one that is lost: its client has gone without a word,
   * and with Nomad's servers cut off from all clients that would be every one.
   */
  readonly isStopped: boolean;
  /** It is to be moved elsewhere, as from a client that is being drained. */
  readonly isLeaving: boolean;
  /** Nomad's index at its last change: of two answers that cross each other the higher one is the later. */
  readonly modifyIndex: number;
}

/** What a version of a job says of a group. */
export interface GroupDefinition {
  readonly jobVersion: number;
  /** Whether Nomad's own services of the group have checks. */
  readonly hasChecks: boolean;
}

export type DeploymentHealth = "none" | "undecided" | "healthy" | "unhealthy";

export interface AllocatedPort {
  readonly address: string;
  readonly port: number;
}

/**
 * What a Nomad says of the allocation that an instance names in its id. `of-job`: it is at the node and port of this instance,
 * and of that job. `elsewhere`: the Nomad knows the allocation, and it is not there: the id is another one's. `untold`: the
 * Nomads that are asked have not all answered, and none has said anything; the id counts for nothing before they do.
 */
export type AllocationWord =
  | {
      readonly kind: "of-job";
      /** The Nomad, by its address and region: jobs of one name in two clusters are two. */
      readonly nomad: string;
      readonly namespace: string;
      readonly job: string;
      /** Absent in what an earlier version stored. */
      readonly group?: string;
      /** The name of its client, of Nomad's own registrations: they tell no more than its id. */
      readonly node?: string;
      readonly isCanary: boolean;
      readonly isStopped?: true;
      /** One that is stopped has ended: its tasks answer no more. */
      readonly hasEnded?: true;
      readonly isLeaving?: true;
      /** Of Nomad's own services; absent where the settings do not ask for it. */
      readonly health?: AllocationHealth;
    }
  | { readonly kind: "elsewhere"; readonly nomad: string }
  | { readonly kind: "untold" };

/** Whether a service of an allocation is fit to serve. */
export interface AllocationHealth {
  readonly status: AllocationStatus;
  /** The name of the check that decided, where one did. */
  readonly check?: string;
  /** What decided that it gets no traffic, where no check did. */
  readonly by?: "tasks" | "deployment";
  /** Its deployment has found it healthy: it has served, and is no version that never worked. */
  readonly wasHealthy?: true;
}

/**
 * | status | its traffic |
 * |---|---|
 * | `passing` | gets it |
 * | `starting`: it runs, has no check, and its deployment has not found it healthy yet | while no other instance of its service serves |
 * | `unknown`: its checks could not be read yet | the same |
 * | `pending`: no check has succeeded yet, or its tasks do not run | none |
 * | `critical`: a check fails | none |
 * | `failed`: its tasks have ended, or its deployment has found it unhealthy | none |
 */
export const ALLOCATION_STATUSES = ["passing", "starting", "unknown", "pending", "critical", "failed"] as const;
export type AllocationStatus = (typeof ALLOCATION_STATUSES)[number];
