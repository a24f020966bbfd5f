import type { ServiceInstance } from "../core/catalog/snapshot.ts";
import type { Group, Job, JobService } from "./job.ts";
import type { ServicePort } from "./service-port.ts";

/** A service of a job with what would be registered for it. */
export interface AskedService {
  readonly job: Job;
  readonly group: Group;
  readonly service: JobService;
  readonly port: ServicePort;
  /** Absent where nothing would be: Nomad refuses the job, or the settings chart no catalog of its kind. */
  readonly instance?: ServiceInstance;
  /** What a canary would be, where its tags differ. */
  readonly canary?: ServiceInstance;
  /** References in its name and tags that only Nomad can fill in. */
  readonly assumed: readonly string[];
}

/** What has become of it. */
export interface JudgedService extends AskedService {
  /** It asks for a route, whether it gets one or not. */
  readonly isAsking: boolean;
  readonly routes: readonly JobRoute[];
}

/** A router that the chart would have for it. */
export interface JobRoute {
  /** `http/routers/web`. */
  readonly key: string;
  /** Empty for UDP. */
  readonly rule: string;
  readonly entryPoints: readonly string[];
  /** The edge whose chart has it; absent for the main one. */
  readonly edge?: string;
}
