import { GROUP, keyOf } from "../state/groups.ts";
import type { NomadState } from "../state/state.ts";
import type { NomadQuery } from "./query.ts";

export function readJob(namespace: string, id: string): NomadQuery {
  return aboutJob(namespace, id, (job) => job);
}

/** How many allocations each group wants and has. */
export function readJobScale(namespace: string, id: string): NomadQuery {
  return aboutJob(namespace, id, (job, { allocations }) => {
    const all = allocations
      .group(GROUP.allocationsOf(namespace, id))
      .filter(({ DesiredStatus }) => DesiredStatus === "run");
    return {
      JobCreateIndex: job.CreateIndex,
      JobID: id,
      JobModifyIndex: job.ModifyIndex,
      JobStopped: job.Stop,
      Namespace: namespace,
      TaskGroups: Object.fromEntries(
        job.TaskGroups.map(({ Name, Count }) => {
          const own = all.filter(({ TaskGroup }) => TaskGroup === Name);
          const count = (health: boolean) => own.filter((row) => row.DeploymentStatus?.Healthy === health).length;
          const Running = own.filter(({ ClientStatus }) => ClientStatus === "running").length;
          const numbers = { Healthy: count(true), Placed: own.length, Running, Unhealthy: count(false) };
          return [Name, { Desired: Count, Events: null, ...numbers }];
        }),
      ),
    };
  });
}

function aboutJob(
  namespace: string,
  id: string,
  show: (job: NonNullable<ReturnType<NomadState["jobs"]["get"]>>, state: NomadState) => unknown,
): NomadQuery {
  return (state) => {
    const job = state.jobs.get(keyOf(namespace, id));
    if (job === undefined) return { index: state.jobs.index, watched: ["jobs"], body: null, missing: "job not found" };
    return { index: job.ModifyIndex, watched: [GROUP.job(namespace, id)], body: show(job, state) };
  };
}
