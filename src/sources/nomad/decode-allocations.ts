import { z } from "zod";
import type { AllocatedPort, Allocation } from "../../core/catalog/allocation.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

/* Only the fields that are used are asked for. Go writes null for a list or a mapping that is empty. */

const ports = z.array(z.object({ Value: z.number().int() })).nullish();

const networks = z.array(z.object({ IP: z.string(), DynamicPorts: ports, ReservedPorts: ports })).nullish();

const allocation = z.object({
  ID: z.string(),
  Namespace: z.string(),
  JobID: z.string(),
  TaskGroup: z.string(),
  NodeName: z.string(),
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
});

const allocations = z.array(
  allocation.extend({ JobVersion: z.number().int().default(0), JobType: z.string().nullish() }),
);

const services = z
  .array(z.object({ Provider: z.string().nullish(), Checks: z.array(z.unknown()).nullish() }))
  .nullish();

const group = z.object({
  Name: z.string(),
  Services: services,
  Tasks: z.array(z.object({ Services: services })).nullish(),
});

const whole = allocation.extend({
  DeploymentID: z.string().default(""),
  Job: z.object({ Version: z.number().int().default(0), TaskGroups: z.array(group).nullish() }).nullish(),
});

/** An allocation as it is listed, which says nothing of a deployment that has not decided. */
export interface ListedAllocation extends Omit<Allocation, "deployment" | "hasChecks"> {
  readonly deployment: Allocation["deployment"] | "unsaid";
}

/** One that was read by itself: it says of which deployment it is, and whether its group has checks. */
export interface WholeAllocation extends ListedAllocation {
  /** Empty where it is of none. */
  readonly deploymentId: string;
  /** Absent where it holds no definition of its job. */
  readonly hasChecks?: boolean;
}

/** `/v1/allocations?resources=true`: those that the token may see. Throws E_CATALOG_SHAPE for anything else. */
export function decodeAllocations(body: unknown): readonly ListedAllocation[] {
  return decodeAnswer(allocations, body, "/v1/allocations", PRODUCTS.nomad).map((one) => ({
    ...decoded(one),
    jobVersion: one.JobVersion,
    // Only jobs of the type `service` are deployed.
    deployment: deploymentHealth(one, one.JobType === "service"),
  }));
}

/** `/v1/allocation/ID`. Throws E_CATALOG_SHAPE for anything else. */
export function decodeAllocation(body: unknown): WholeAllocation {
  const one = decodeAnswer(whole, body, "/v1/allocation", PRODUCTS.nomad);
  const definition = one.Job?.TaskGroups?.find(({ Name }) => Name === one.TaskGroup);
  return {
    ...decoded(one),
    jobVersion: one.Job?.Version ?? 0,
    deployment: deploymentHealth(one, one.DeploymentID !== ""),
    deploymentId: one.DeploymentID,
    ...(definition === undefined ? {} : { hasChecks: hasChecks(definition) }),
  };
}

/** Whether services of Nomad's own have checks: those of Consul's are Consul's business. */
function hasChecks({ Services, Tasks }: z.infer<typeof group>): boolean {
  const all = [Services, ...(Tasks ?? []).map((task) => task.Services)].flatMap((one) => one ?? []);
  return all.some(({ Provider, Checks }) => Provider === "nomad" && (Checks ?? []).length > 0);
}

function decoded(one: z.infer<typeof allocation>) {
  return {
    id: one.ID,
    namespace: one.Namespace,
    job: one.JobID,
    group: one.TaskGroup,
    node: one.NodeName,
    isCanary: one.DeploymentStatus?.Canary === true,
    ports: portsOf(one.AllocatedResources),
    clientStatus: one.ClientStatus,
    isStopped: one.DesiredStatus !== "run" && one.ClientStatus !== "lost",
    isLeaving: one.DesiredTransition?.Migrate === true,
    modifyIndex: one.ModifyIndex,
  };
}

function deploymentHealth(
  { DeploymentStatus }: Pick<z.infer<typeof allocation>, "DeploymentStatus">,
  mayBeDeployed: boolean,
): ListedAllocation["deployment"] {
  if (typeof DeploymentStatus?.Healthy === "boolean") return DeploymentStatus.Healthy ? "healthy" : "unhealthy";
  if (DeploymentStatus?.Canary === true) return "undecided";
  return mayBeDeployed ? "unsaid" : "none";
}

/** The ports of the group, and those that a task of an older job asks for itself. */
function portsOf(resources: z.infer<typeof allocation>["AllocatedResources"]): readonly AllocatedPort[] {
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
