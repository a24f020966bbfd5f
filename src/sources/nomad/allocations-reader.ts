import type { Allocation, GroupDefinition } from "../../core/catalog/allocation.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { forEachParallel } from "../polling/work-pool.ts";
import {
  decodeAllocation,
  decodeAllocations,
  type ListedAllocation,
  type WholeAllocation,
} from "./decode-allocations.ts";
import { decodeDeployment, decodeRunningDeployments, deploymentKey } from "./decode-deployments.ts";
import { decodeJobStop } from "./decode-job.ts";
import type { PlainRead } from "./plain-read.ts";

/** Asks a Nomad for allocations, those of all namespaces that the token may read. */
export interface AllocationsReader {
  /** The allocations of these ids that there are and that the token may see; perhaps others, too. */
  allocations(ids: readonly string[], signal: AbortSignal): Promise<readonly Allocation[]>;
  /** Of the group of an allocation; undefined where Nomad does not tell it. */
  definition(id: string, signal: AbortSignal): Promise<GroupDefinition | undefined>;
  /** Whether a job was stopped as a whole, or is not there any more; false where the token may not see it. */
  isJobStopped(job: Pick<Allocation, "namespace" | "job">, signal: AbortSignal): Promise<boolean>;
}

/** More than so many are cheaper in one list of all, of some two kilobytes an allocation. */
const MOST_ONE_BY_ONE = 8;
const PARALLEL_READS = 2;

/**
 * Few are read one by one, each as a whole: that names its deployment and holds the definition of its job, neither of which
 * is in a list. One that cannot be read so is looked for in the list: Nomad answers for one that the token may not see as for
 * one that is not there, and the list says which.
 */
export function createAllocationsReader(read: PlainRead): AllocationsReader {
  function listed(prefix: string | undefined, signal: AbortSignal): Promise<readonly ListedAllocation[]> {
    const question = {
      endpoint: "/v1/allocations",
      path: "/allocations",
      parameters: { namespace: "*", resources: "true", task_states: "false", prefix },
      isLarge: prefix === undefined,
      decode: decodeAllocations,
    };
    return read(question, signal);
  }

  function whole(
    id: string,
    consistency: "default" | "stale",
    signal: AbortSignal,
  ): Promise<WholeAllocation | undefined> {
    const path = `/allocation/${encodeURIComponent(id)}`;
    return unlessUnknown(read({ endpoint: "/v1/allocation", path, consistency, decode: decodeAllocation }, signal));
  }

  async function one(id: string, signal: AbortSignal): Promise<readonly Allocation[]> {
    const found = await whole(id, "default", signal);
    if (found === undefined) return await decided(await listed(id, signal), [id], signal);
    const { deploymentId, deployment, ...allocation } = found;
    if (deployment !== "unsaid") return [{ ...allocation, deployment }];
    const isRunning = deploymentId !== "" && (await isDeploying(allocation.namespace, deploymentId, signal));
    return [{ ...allocation, deployment: isRunning ? "undecided" : "none" }];
  }

  async function isDeploying(namespace: string, id: string, signal: AbortSignal): Promise<boolean> {
    const path = `/deployment/${encodeURIComponent(id)}`;
    const question = { endpoint: "/v1/deployment", path, parameters: { namespace }, decode: decodeDeployment };
    return (await unlessUnknown(read(question, signal))) ?? false;
  }

  /** Those of a list say nothing of a deployment that has not decided: that is in the list of deployments. */
  async function decided(
    found: readonly ListedAllocation[],
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Allocation[]> {
    const asked = new Set(ids);
    const isAnyUnsaid = found.some(({ id, deployment }) => deployment === "unsaid" && asked.has(id));
    const running = isAnyUnsaid ? await runningDeployments(signal) : new Set();
    return found.map((one) => {
      const { deployment, ...allocation } = one;
      if (deployment !== "unsaid") return { ...allocation, deployment };
      return { ...allocation, deployment: running.has(deploymentKey(one)) ? "undecided" : "none" };
    });
  }

  /** What is being deployed. Rejects unless Nomad tells it, or has no such list. */
  async function runningDeployments(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const question = {
      endpoint: "/v1/deployments",
      path: "/deployments",
      parameters: { namespace: "*" },
      isLarge: true,
      decode: decodeRunningDeployments,
    };
    try {
      return await read(question, signal);
    } catch (error) {
      if (error instanceof CatalogError && error.isMissing) return new Set();
      throw error;
    }
  }

  return {
    async allocations(ids, signal) {
      if (ids.length > MOST_ONE_BY_ONE) return await decided(await listed(undefined, signal), ids, signal);
      const found: Allocation[] = [];
      await forEachParallel(ids, PARALLEL_READS, async (id) => {
        found.push(...(await one(id, signal)));
      });
      return found;
    },
    async isJobStopped({ namespace, job }, signal) {
      const path = `/job/${encodeURIComponent(job)}`;
      try {
        return await read({ endpoint: "/v1/job", path, parameters: { namespace }, decode: decodeJobStop }, signal);
      } catch (error) {
        if (!(error instanceof CatalogError)) throw error;
        if (error.isMissing) return true;
        if (error.catalogCode === "E_CATALOG_DENIED") return false;
        throw error;
      }
    },
    async definition(id, signal) {
      const found = await whole(id, "stale", signal);
      if (found?.hasChecks === undefined) return undefined;
      return { hasChecks: found.hasChecks, jobVersion: found.jobVersion };
    },
  };
}

/** Undefined where Nomad does not know it, or does not show it to the token. */
async function unlessUnknown<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CatalogError && (error.isMissing || error.catalogCode === "E_CATALOG_DENIED"))
      return undefined;
    throw error;
  }
}
