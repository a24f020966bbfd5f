import { allocationIdOf, allocationOf } from "./allocation.ts";
import { DEFAULT_NAMESPACE, type ServiceInstance } from "./snapshot.ts";

/** Where in Nomad an instance runs, and who says so. */
export interface NomadTask {
  /** The namespace of the job, where it is not `default`. */
  readonly jobNamespace?: string;
  readonly job?: string;
  readonly group?: string;
  /** Where the service is a task's own, not its group's. */
  readonly task?: string;
  /** The first eight characters of its id, as Nomad's own tools show it. */
  readonly allocation: string;
  /**
   * `nomad`: Nomad itself, by a registration of its own or asked for the allocation. `id`: the id of the service alone, which
   * any client of Consul may write. `refuted`: the id alone, and Nomad has the allocation elsewhere.
   */
  readonly toldBy: "nomad" | "id" | "refuted";
}

/** What Nomad allows a name to have is less. */
const MOST_OF_NAME = 128;

/**
 * What is known of the task behind an instance; undefined where its id is none of Nomad's. Nomad's clients call a service
 * `_nomad-task-ALLOCATION-group-GROUP-SERVICE-PORT`, one of a task `_nomad-task-ALLOCATION-TASK-SERVICE-PORT`, and the sidecar
 * of a service the same with `-sidecar-proxy` behind it. A task whose name begins with `group-` looks like a group.
 */
export function nomadTaskOf(instance: ServiceInstance): NomadTask | undefined {
  const allocation = allocationOf(instance.id);
  if (allocation === undefined) return undefined;
  const word = instance.allocation;
  const named = groupOrTask(instance);
  if (word?.kind === "elsewhere") return { allocation, toldBy: "refuted" };
  if (word?.kind === "of-job" && instance.catalog !== "nomad") {
    // The group is Nomad's word, too; a task would be that of the id.
    const { namespace, job, group } = word;
    return { ...ofJob(namespace, job), ...(group === undefined ? {} : { group }), allocation, toldBy: "nomad" };
  }
  if (instance.catalog === "nomad" && instance.job !== undefined) {
    return { ...ofJob(instance.namespace, instance.job), ...named, allocation, toldBy: "nomad" };
  }
  return { ...named, allocation, toldBy: "id" };
}

function ofJob(namespace: string, job: string): Pick<NomadTask, "jobNamespace" | "job"> {
  return namespace === DEFAULT_NAMESPACE || namespace === "" ? { job } : { jobNamespace: namespace, job };
}

function groupOrTask({ id, service }: Pick<ServiceInstance, "id" | "service">): Pick<NomadTask, "group" | "task"> {
  const rest = id.slice(`_nomad-task-${allocationIdOf(id)}-`.length).replace(SIDECAR, "");
  const end = rest.lastIndexOf(`-${service.replace(SIDECAR, "")}-`);
  const name = end < 0 ? "" : rest.slice(0, end);
  if (name === "" || name.length > MOST_OF_NAME) return {};
  if (!name.startsWith("group-")) return { task: name };
  const group = name.slice("group-".length);
  return group === "" ? {} : { group };
}

const SIDECAR = /-sidecar-proxy$/;
