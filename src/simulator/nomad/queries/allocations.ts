import { isAsked, mayReadJobs, type Rights } from "../rights.ts";
import { type AllocationRow, listedAllocation, wholeAllocation } from "../rows/allocation.ts";
import type { JobRow } from "../rows/job.ts";
import { GROUP, versionKeyOf } from "../state/groups.ts";
import type { NomadState } from "../state/state.ts";
import type { NomadQuery } from "./query.ts";

/** What a request for allocations asks. */
export interface AskedAllocations {
  readonly namespace: string;
  readonly prefix: string;
  readonly hasResources: boolean;
  readonly hasTaskStates: boolean;
}

/** The allocations, of all namespaces that the token may read where all are asked for. */
export function listAllocations(asked: AskedAllocations, rights: Rights): NomadQuery {
  return ({ allocations }) => ({
    index: allocations.index,
    watched: ["allocations"],
    body: allocations
      .rows()
      .filter(({ Namespace, ID }) => isAsked(Namespace, asked.namespace, rights) && ID.startsWith(asked.prefix))
      .map((row) => listedAllocation(row, asked)),
  });
}

/** Those of a job, also of one that there is not. */
export function allocationsOfJob(namespace: string, job: string): NomadQuery {
  return ({ allocations }) => {
    const group = GROUP.allocationsOf(namespace, job);
    const rows = allocations.group(group);
    return {
      index: allocations.index,
      watched: [rows.length === 0 ? "allocations" : group],
      body: rows.map((row) => listedAllocation(row, { hasResources: false, hasTaskStates: true })),
    };
  };
}

/** Those of a client that the token may read, each as a whole. */
export function allocationsOnNode(node: string, rights: Rights): NomadQuery {
  return (state) => {
    const group = GROUP.allocationsOn(node);
    const rows = state.allocations.group(group);
    return {
      index: Math.max(1, ...rows.map(({ ModifyIndex }) => ModifyIndex)),
      watched: [rows.length === 0 ? "allocations" : group],
      body: rows
        .filter(({ Namespace }) => mayReadJobs(rights, Namespace))
        .map((row) => wholeAllocation(row, jobOf(state, row))),
    };
  };
}

/** One as a whole. */
export function readAllocation(id: string): NomadQuery {
  return (state) => {
    const row = state.allocations.get(id);
    const watched = [row === undefined ? "allocations" : GROUP.allocation(id)];
    if (row === undefined) return { index: state.allocations.index, watched, body: null, missing: "alloc not found" };
    return { index: row.ModifyIndex, watched, body: wholeAllocation(row, jobOf(state, row)) };
  };
}

function jobOf({ jobVersions }: NomadState, { Namespace, JobID, JobVersion }: AllocationRow): JobRow | undefined {
  return jobVersions.get(versionKeyOf(Namespace, JobID, JobVersion));
}
