const NOMAD_TASK = /^_nomad-task-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-/;

/** The id of the Nomad allocation in a service id, where Nomad made it, or a client wrote one like it. */
export function allocationIdOf(serviceId: string): string | undefined {
  return NOMAD_TASK.exec(serviceId)?.[1];
}

/** The short id of the Nomad allocation behind a service id, as Nomad's own tools show it. */
export function allocationOf(serviceId: string): string | undefined {
  return allocationIdOf(serviceId)?.slice(0, 8);
}

/** An allocation as a Nomad tells of it. Nothing of it ever changes, but that a canary is promoted. */
export interface Allocation {
  readonly id: string;
  readonly namespace: string;
  readonly job: string;
  /** The client that it runs on. */
  readonly node: string;
  /** It is on trial: placed by a deployment that has not been promoted. */
  readonly isCanary: boolean;
  /** The ports of the client that it was given, each at an address of the client. */
  readonly ports: readonly AllocatedPort[];
}

export interface AllocatedPort {
  readonly address: string;
  readonly port: number;
}

/**
 * What a Nomad says of the allocation that an instance names in its id. `of-job`: it is at the node and port of this instance,
 * and of that job. `elsewhere`: the Nomad knows the allocation, and it is not there: the id is another one's.
 */
export type AllocationWord =
  | {
      readonly kind: "of-job";
      /** The Nomad, by its address and region: jobs of one name in two clusters are two. */
      readonly nomad: string;
      readonly namespace: string;
      readonly job: string;
      readonly isCanary: boolean;
    }
  | { readonly kind: "elsewhere"; readonly nomad: string };
