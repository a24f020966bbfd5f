import { isAsked, type Rights } from "../rights.ts";
import { GROUP } from "../state/groups.ts";
import type { NomadQuery } from "./query.ts";

/** The deployments, of all namespaces that the token may read where all are asked for. */
export function listDeployments(namespace: string, rights: Rights): NomadQuery {
  return ({ deployments }) => ({
    index: deployments.index,
    watched: ["deployments"],
    body: deployments.rows().filter(({ Namespace }) => isAsked(Namespace, namespace, rights)),
  });
}

/** One, where it lies in the namespace that is asked for. */
export function readDeployment(namespace: string, id: string): NomadQuery {
  return ({ deployments }) => {
    const found = deployments.get(id);
    const row = found?.Namespace === namespace ? found : undefined;
    if (row === undefined) {
      return { index: deployments.index, watched: ["deployments"], body: null, missing: "deployment not found" };
    }
    return { index: row.ModifyIndex, watched: [GROUP.deploymentsOf(namespace, row.JobID)], body: row };
  };
}

/** Those of a job. */
export function deploymentsOfJob(namespace: string, job: string): NomadQuery {
  return ({ deployments }) => {
    const group = GROUP.deploymentsOf(namespace, job);
    const rows = deployments.group(group);
    return { index: deployments.index, watched: [rows.length === 0 ? "deployments" : group], body: rows };
  };
}

/** The latest of a job; null where it has had none. */
export function latestDeployment(namespace: string, job: string): NomadQuery {
  return ({ deployments }) => {
    const group = GROUP.deploymentsOf(namespace, job);
    const latest = deployments
      .group(group)
      .reduce<ReturnType<typeof deployments.get>>(
        (one, other) => (one === undefined || other.CreateIndex > one.CreateIndex ? other : one),
        undefined,
      );
    return {
      index: latest?.ModifyIndex ?? deployments.index,
      watched: [latest === undefined ? "deployments" : group],
      body: latest ?? null,
    };
  };
}
