import { openSchedulerReader } from "../../../../app/schedulers/open-reader.ts";
import { allocationSchedulers, nameOf, type Scheduler } from "../../../../app/schedulers/schedulers.ts";
import { AppError } from "../../../../base/errors.ts";
import type { Settings } from "../../../../config/files/schema.ts";
import { type AllocationWord, allocationIdOf } from "../../../../core/catalog/allocation.ts";
import { allocationWord } from "../../../../core/catalog/allocation-word.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../../../core/catalog/snapshot.ts";
import type { Job } from "../../../../job/job.ts";

/** How long a Nomad may take to answer. */
const PATIENCE_MS = 30_000;

/**
 * What is registered, with Nomad's word on what allocations of this job have at its static ports: Consul does not tell the job
 * of an instance. Nothing is asked where nothing is registered at these ports.
 */
export async function withOwnRegistrations(
  job: Job,
  snapshots: readonly CatalogSnapshot[],
  settings: Settings,
): Promise<{ readonly snapshots: readonly CatalogSnapshot[]; readonly unanswered: readonly string[] }> {
  const ports = new Set(job.groups.flatMap((group) => group.ports.map((port) => port.static)));
  const asked = snapshots
    .flatMap(({ instances }) => instances)
    .filter((one) => one.catalog === "consul" && ports.has(one.port) && allocationIdOf(one.id) !== undefined);
  const words = new Map<ServiceInstance, AllocationWord>();
  const unanswered: string[] = [];
  for (const scheduler of asked.length === 0 ? [] : allocationSchedulers(settings)) {
    try {
      for (const [instance, word] of await wordsOf(scheduler, asked)) {
        if (word.kind === "of-job" && word.job === job.id && word.namespace === job.namespace)
          words.set(instance, word);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unanswered.push(
        `Nomad at ${nameOf(scheduler)} does not say which allocations are the job's own: ${error.message}`,
      );
    }
  }
  if (words.size === 0) return { snapshots, unanswered };
  const told = (instance: ServiceInstance): ServiceInstance => {
    const allocation = words.get(instance);
    return allocation === undefined ? instance : { ...instance, allocation };
  };
  return { snapshots: snapshots.map((one) => ({ ...one, instances: one.instances.map(told) })), unanswered };
}

async function wordsOf(
  scheduler: Scheduler,
  instances: readonly ServiceInstance[],
): Promise<readonly (readonly [ServiceInstance, AllocationWord])[]> {
  const reader = openSchedulerReader(scheduler, { credentialsRenewed() {}, credentialsWarned() {} });
  try {
    const ids = [...new Set(instances.flatMap(({ id }) => allocationIdOf(id) ?? []))];
    const found = await reader.allocations(ids, AbortSignal.timeout(PATIENCE_MS));
    const byId = new Map(found.map((one) => [one.id, one]));
    return instances.flatMap((instance) => {
      const allocation = byId.get(allocationIdOf(instance.id) ?? "");
      const word = allocation && allocationWord(instance, allocation, nameOf(scheduler));
      return word === undefined ? [] : [[instance, word] as const];
    });
  } finally {
    reader.close();
  }
}
