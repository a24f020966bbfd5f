/** A job of Nomad's as its API has it, as far as ports and routes depend on it. What is null or missing there is empty here. */
export interface Job {
  readonly id: string;
  /** `service`, `batch`, `system` or `sysbatch`. */
  readonly type: string;
  readonly namespace: string;
  /** Registered and not run. */
  readonly isStopped: boolean;
  /** It runs when it is dispatched, or by a time table. */
  readonly runs?: "when dispatched" | "at its times";
  readonly meta: Texts;
  readonly constraints: readonly Constraint[];
  readonly groups: readonly Group[];
}

export type Texts = Readonly<Record<string, string>>;

/** A condition that nodes must meet. */
export interface Constraint {
  /** Usually what Nomad knows of a node: `${node.unique.name}`. */
  readonly left: string;
  readonly operand: string;
  readonly right: string;
}

/** A task group: what an allocation runs. */
export interface Group {
  readonly name: string;
  readonly count: number;
  readonly meta: Texts;
  readonly constraints: readonly Constraint[];
  readonly ports: readonly JobPort[];
  /** Also those of its tasks, which bear the task's name. */
  readonly services: readonly JobService[];
  readonly tasks: readonly Task[];
  readonly shutdownDelayMs: number;
  /** How a new version takes the place of the old one; where the group does not say, as the job does. */
  readonly update: Update;
  /** Consul Enterprise's. */
  readonly consulNamespace: string;
}

export interface Task {
  readonly name: string;
  readonly shutdownDelayMs: number;
  readonly identities: readonly Identity[];
}

/** How Nomad deploys. */
export interface Update {
  readonly maxParallel: number;
  readonly canary: number;
}

/** A port that an allocation asks for, by tcp and udp alike. */
export interface JobPort {
  readonly label: string;
  /** On the node, as the job wants it; absent where Nomad picks one. */
  readonly static?: number;
  /** Inside the allocation's own network; 0 where it is the same, -1 where it is the one on the node. */
  readonly to: number;
  /** A network of the client's configuration in place of its default one; empty for that. */
  readonly hostNetwork: string;
  /** The task that asks for it in its resources, where none of the group does. */
  readonly task?: string;
}

/** What Nomad registers for each allocation. */
export interface JobService {
  /** With what Nomad fills in. */
  readonly name: string;
  /** The task that has it; absent for the group's. */
  readonly task?: string;
  readonly provider: "consul" | "nomad";
  readonly tags: readonly string[];
  /** In place of the tags while the allocation is a canary; empty where they are the same. */
  readonly canaryTags: readonly string[];
  /** The label of a port, or a number. */
  readonly portLabel: string;
  readonly addressMode: string;
  /** In place of the one that the mode means. */
  readonly address: string;
  readonly meta: Texts;
  readonly checks: readonly JobCheck[];
  readonly identity?: Identity;
  /** How it takes part in Consul's mesh. */
  readonly mesh?: "sidecar" | "native" | "gateway";
}

export interface JobCheck {
  readonly name: string;
  /** In lower case. */
  readonly type: string;
  readonly path: string;
  /** Empty for the service's own. */
  readonly portLabel: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Nomad turns it into a path of the mesh's proxy. */
  readonly isExposed: boolean;
}

/** A JWT that Nomad signs for a service or a task. */
export interface Identity {
  readonly name: string;
  readonly audience: readonly string[];
}
