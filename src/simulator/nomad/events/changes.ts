import { type AllocationRow, wholeAllocation } from "../rows/allocation.ts";
import type { DeploymentRow } from "../rows/deployment.ts";
import type { JobRow } from "../rows/job.ts";
import type { NodeRow } from "../rows/node.ts";
import type { ServiceRow } from "../rows/registration.ts";
import type { NomadEvent } from "./event.ts";

/** What the stream says of a write, by kind of row: which one it was, and under which name. Types and keys as recorded. */

export function serviceEvents(row: ServiceRow | undefined, old: ServiceRow | undefined): readonly NomadEvent[] {
  const shown = row ?? old;
  if (shown === undefined) return [];
  const { ID, JobID, ServiceName, Namespace } = shown;
  const Type = row === undefined ? "ServiceDeregistration" : "ServiceRegistration";
  const Payload = { Service: shown };
  return [{ FilterKeys: [JobID, ServiceName], Key: ID, Namespace, Payload, Topic: "Service", Type }];
}

export function allocationEvents(
  row: AllocationRow | undefined,
  old: AllocationRow | undefined,
): readonly NomadEvent[] {
  // One that is forgotten has ended long before.
  if (row === undefined) return [];
  const { ID, JobID, DeploymentID, Namespace } = row;
  const FilterKeys = DeploymentID === "" ? [JobID] : [JobID, DeploymentID];
  const Payload = { Allocation: wholeAllocation(row) };
  return [{ FilterKeys, Key: ID, Namespace, Payload, Topic: "Allocation", Type: allocationChange(row, old) }];
}

/** The client's word is an update; what the servers decide has names of its own. */
export function allocationChange(row: AllocationRow, old: AllocationRow | undefined): string {
  if (old === undefined || row.DesiredStatus !== old.DesiredStatus) return "PlanResult";
  if (row.DesiredTransition.Migrate !== old.DesiredTransition.Migrate) return "AllocationUpdateDesiredStatus";
  if (old.DeploymentStatus?.Canary === true && row.DeploymentStatus?.Canary !== true) return "DeploymentPromotion";
  return "AllocationUpdated";
}

export function deploymentEvents(
  row: DeploymentRow | undefined,
  old: DeploymentRow | undefined,
): readonly NomadEvent[] {
  if (row === undefined) return [];
  const { ID, JobID, Namespace } = row;
  const Payload = { Deployment: row };
  return [{ FilterKeys: [JobID], Key: ID, Namespace, Payload, Topic: "Deployment", Type: deploymentChange(row, old) }];
}

function deploymentChange(row: DeploymentRow, old: DeploymentRow | undefined): string {
  if (old === undefined || row.Status === "successful") return "PlanResult";
  if (row.Status !== old.Status) return "DeploymentStatusUpdate";
  return isPromoted(row) && !isPromoted(old) ? "DeploymentPromotion" : "AllocationUpdated";
}

function isPromoted({ TaskGroups }: DeploymentRow): boolean {
  return Object.values(TaskGroups).every(({ Promoted }) => Promoted);
}

export function jobEvents(row: JobRow | undefined, old: JobRow | undefined): readonly NomadEvent[] {
  const shown = row ?? old;
  if (shown === undefined) return [];
  const Type = row === undefined || row.Stop ? "JobDeregistered" : "JobRegistered";
  const { ID, Namespace } = shown;
  return [{ FilterKeys: null, Key: ID, Namespace, Payload: { Job: shown }, Topic: "Job", Type }];
}

export function nodeEvents(row: NodeRow | undefined, old: NodeRow | undefined): readonly NomadEvent[] {
  if (row === undefined) return old === undefined ? [] : [nodeEvent(old, "NodeDeregistration")];
  const isDrain =
    row.Drain !== (old?.Drain ?? false) || row.SchedulingEligibility !== (old?.SchedulingEligibility ?? "eligible");
  return [nodeEvent(row, isDrain ? "NodeDrain" : "NodeRegistration")];
}

/** Also where a client tells of its allocations. */
export function nodeEvent(node: NodeRow, Type: string): NomadEvent {
  return { FilterKeys: null, Key: node.ID, Namespace: "", Payload: { Node: node }, Topic: "Node", Type };
}
