/** A job with one group of one task, which is an HTTP server on loopback. */
export interface JobSpec {
  readonly id: string;
  /** The name of its service. Default: the job's. */
  readonly service?: string;
  /** The body of the task's answers, to tell one version from another. */
  readonly answer: string;
  /** Default: 1. */
  readonly count?: number;
  readonly tags: readonly string[];
  /** In place of `tags` while an allocation is a canary. Default: `tags`. */
  readonly canaryTags?: readonly string[];
  /** From the start of the task until it listens. Default: 0. */
  readonly startMs?: number;
  /** `shutdown_delay`: from the end of its registration to the end of the task. Default: 0. */
  readonly shutdownDelayMs?: number;
  /** How many allocations of a new version are tried before the others follow. Default: 0, a rolling update one by one. */
  readonly canaries?: number;
  /** What the task answers at `/health`, where its check looks. Default: 200. */
  readonly health?: number;
  /** Has its service a check? Default: yes. */
  readonly hasCheck?: boolean;
  /** One allocation on each client, which a drain may leave alone. Default: a service job. */
  readonly isSystem?: boolean;
}

/** Nomad to run jobs on: the embedded one with a player, or a real one. */
export interface NomadCluster {
  /** Of its HTTP API. */
  readonly address: string;
  /** For one with ACLs. */
  readonly token: string;
  /** `nomad job run`: resolves when the servers have taken it, long before its tasks listen. */
  run(job: JobSpec): Promise<void>;
  /** Lets the others follow the canaries. */
  promote(job: string): Promise<void>;
  scale(job: string, count: number): Promise<void>;
  /** `nomad job stop`. */
  stop(job: string): Promise<void>;
  /** Drains every client, but for system jobs. Resolves when it has begun. */
  drain(): Promise<void>;
  /** Ends the drain, so that jobs are placed again. */
  undrain(): Promise<void>;
  /** The agent's API goes away and comes back with what it knew, while tasks run on. Undefined where no API can do that. */
  readonly restartAgent: ((awayMs: number) => Promise<void>) | undefined;
  /** Ends all that was started. */
  close(): Promise<void>;
}
