import { z } from "zod";
import type { AllocatedPort, Allocation } from "../../core/catalog/allocation.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

/* Only the fields that are used are asked for. Go writes null for a list or a mapping that is empty. */

const ports = z.array(z.object({ Value: z.number().int() })).nullish();

const networks = z.array(z.object({ IP: z.string(), DynamicPorts: ports, ReservedPorts: ports })).nullish();

const allocations = z.array(
  z.object({
    ID: z.string(),
    Namespace: z.string(),
    JobID: z.string(),
    TaskGroup: z.string(),
    NodeName: z.string(),
    JobVersion: z.number().int().default(0),
    JobType: z.string().nullish(),
    ModifyIndex: z.number().default(0),
    ClientStatus: z.string(),
    DesiredStatus: z.string(),
    DesiredTransition: z.object({ Migrate: z.boolean().nullish() }).nullish(),
    DeploymentStatus: z.object({ Canary: z.boolean(), Healthy: z.boolean().nullish() }).nullish(),
    AllocatedResources: z
      .object({
        Shared: z.object({
          Networks: networks,
          Ports: z.array(z.object({ HostIP: z.string(), Value: z.number().int() })).nullish(),
        }),
        Tasks: z.record(z.string(), z.object({ Networks: networks })).nullish(),
      })
      .nullish(),
  }),
);

/** An allocation as it is listed, which says nothing of a deployment that has not decided. */
export interface ListedAllocation extends Omit<Allocation, "deployment"> {
  readonly deployment: Allocation["deployment"] | "unsaid";
  readonly jobVersion: number;
}

/** `/v1/allocations?resources=true`: those that the token may see. Throws E_CATALOG_SHAPE for anything else. */
export function decodeAllocations(body: unknown): readonly ListedAllocation[] {
  return decodeAnswer(allocations, body, "/v1/allocations", PRODUCTS.nomad).map((one) => ({
    id: one.ID,
    namespace: one.Namespace,
    job: one.JobID,
    jobVersion: one.JobVersion,
    group: one.TaskGroup,
    node: one.NodeName,
    isCanary: one.DeploymentStatus?.Canary === true,
    ports: portsOf(one.AllocatedResources),
    clientStatus: one.ClientStatus,
    deployment: deploymentHealth(one),
    isStopped: one.DesiredStatus !== "run" && one.ClientStatus !== "lost",
    isLeaving: one.DesiredTransition?.Migrate === true,
    modifyIndex: one.ModifyIndex,
  }));
}

/** Only jobs of the type `service` are deployed. */
function deploymentHealth({
  JobType,
  DeploymentStatus,
}: Pick<z.infer<typeof allocations>[number], "JobType" | "DeploymentStatus">): ListedAllocation["deployment"] {
  if (typeof DeploymentStatus?.Healthy === "boolean") return DeploymentStatus.Healthy ? "healthy" : "unhealthy";
  if (DeploymentStatus?.Canary === true) return "undecided";
  return JobType === "service" ? "unsaid" : "none";
}

/** The ports of the group, and those that a task of an older job asks for itself. */
function portsOf(resources: z.infer<typeof allocations>[number]["AllocatedResources"]): readonly AllocatedPort[] {
  const { Shared, Tasks } = resources ?? {};
  const groups = [Shared?.Networks, ...Object.values(Tasks ?? {}).map((task) => task.Networks)];
  const given = [
    ...(Shared?.Ports ?? []).map(({ HostIP, Value }) => ({ address: HostIP, port: Value })),
    ...groups
      .flatMap((one) => one ?? [])
      .flatMap(({ IP, DynamicPorts, ReservedPorts }) =>
        [...(DynamicPorts ?? []), ...(ReservedPorts ?? [])].map(({ Value }) => ({ address: IP, port: Value })),
      ),
  ];
  return [...new Map(given.map((one) => [`${one.address} ${one.port}`, one])).values()];
}
