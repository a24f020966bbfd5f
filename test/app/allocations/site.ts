import { createAllocations } from "../../../src/app/allocations/allocations.ts";
import { withAllocations } from "../../../src/app/allocations/with-allocations.ts";
import { createDeferred, type Deferred } from "../../../src/base/deferred.ts";
import type { Allocation } from "../../../src/core/catalog/allocation.ts";
import type { CheckResult, HealthSource } from "../../../src/core/catalog/allocation-health.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { AllocationHintListener } from "../../../src/sources/catalog/allocation-hint.ts";
import type { CatalogSource, SourceState } from "../../../src/sources/catalog/source.ts";
import { allocation } from "../../builders/allocation.ts";
import { instance, snapshot } from "../../builders/world.ts";
import { failure } from "../../daemon/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";
import { createFakeSource } from "../../fakes/fake-source.ts";

export const A = "94bf6945-71f5-4656-89a1-3ec35d408ad9";
export const B = "83cf3586-a036-4417-8eee-9aa66e430114";

/** An instance of Consul's, of this allocation. */
export function at(id: string, port: number): ServiceInstance {
  return instance({ service: `s${port}`, id: `_nomad-task-${id}-group-web-s${port}-http`, port });
}

/** The allocation as its Nomad knows it, at the address of the instances. */
export function placed(id: string, port: number, more: Partial<Allocation> = {}): Allocation {
  const ports = [{ address: "192.168.11.11", port }];
  return allocation({ id, ports, ...more });
}

const STATE: SourceState = {
  ...{ source: "nomad", strategy: "stream", strategyReason: "few", services: 0, openRequests: 0, connectionBudget: 32 },
  ...{ shortage: undefined, lastSuccessAtMs: 0, answerAgeMs: 0, partialViewReasons: [], missedChanges: 0 },
  ...{ indexResets: 0, consecutiveFailures: 0, failingSinceMs: undefined, lastError: undefined },
};

interface Hint {
  readonly allocations: readonly string[];
  /** Of the write that the allocations are hinted at for. Default: one that nothing here has read. */
  readonly index: number;
  readonly deployments: readonly string[];
  readonly isAnything: boolean;
}

const stops: (() => void)[] = [];
/** Ends what the sites have begun. */
export function closeSites(): void {
  for (const stop of stops.splice(0)) stop();
}

/** A catalog whose source asks one Nomad, or several, for what its instances name. */
export function createSite(names: readonly string[] = ["n"], health: HealthSource = "none") {
  const clock = createFakeClock();
  const asked: string[] = [];
  const reported: string[] = [];
  const known = new Map<string, Allocation>();
  const troubles = new Map<string, string>();
  /** Allocation → the results of its checks, or the code of an error; not known where it is missing. */
  const checks = new Map<string, readonly CheckResult[] | string>();
  const polled: string[] = [];
  /** Allocation → whether its group has checks, where a Nomad tells it when it is asked for that alone. */
  const definitions = new Map<string, boolean>();
  const looked: string[] = [];
  const endedJobs = new Set<string>();
  const jobsAsked: string[] = [];
  let drained: ReadonlySet<string> = new Set();
  let nodesAsked = 0;
  let gate: Deferred<void> | undefined;
  const allocations = createAllocations({
    schedulers: names.map((name) => ({
      name,
      async allocations(ids): Promise<readonly Allocation[]> {
        asked.push(`${name} ${ids.map((id) => id.slice(0, 4)).join(" ")}`);
        await gate?.promise;
        const trouble = troubles.get(name);
        if (trouble !== undefined) throw failure(trouble);
        return ids.flatMap((id) => known.get(id) ?? []);
      },
      async isJobStopped({ job }) {
        jobsAsked.push(job);
        return endedJobs.has(job);
      },
      async definition(id) {
        looked.push(id.slice(0, 4));
        const allocation = known.get(id);
        const hasChecks = definitions.get(id);
        if (allocation === undefined || hasChecks === undefined) return undefined;
        return { hasChecks, jobVersion: allocation.jobVersion };
      },
      async drainedClients() {
        nodesAsked += 1;
        const trouble = troubles.get(`${name} nodes`);
        if (trouble !== undefined) throw failure(trouble);
        return drained;
      },
      async checks(id) {
        const answered = checks.get(id);
        polled.push(id.slice(0, 4));
        if (typeof answered === "string") throw failure(answered);
        return answered;
      },
    })),
    clock,
    random: () => 0.5,
    observer: {
      allocationsUntold: (name, { code }) => reported.push(`${name} ${code}`),
      allocationsTold: (name) => reported.push(`${name} told`),
      checksUntold: (name, namespace, { code }) => reported.push(`${name} ${namespace} checks ${code}`),
      checksTold: (name) => reported.push(`${name} checks told`),
      allocationUnknown: (id, count) => reported.push(`unknown ${id.slice(0, 4)} of ${count}`),
    },
  });
  let changes = 0;
  const fake = createFakeSource("consul", clock, () => wrapped.changed());
  let hinting: AllocationHintListener = () => {};
  const base: CatalogSource = {
    ...fake,
    run: async () => {},
    onAllocationHint(listener) {
      hinting = listener;
      return () => {};
    },
    state: () => ({ ...STATE }),
  };
  const wrapped = withAllocations({ name: "nomad", health }, base, allocations, () => {
    changes += 1;
  });
  const stop = new AbortController();
  stops.push(() => {
    stop.abort();
    allocations.close();
  });
  return {
    clock,
    asked,
    reported,
    known,
    troubles,
    checks,
    polled,
    definitions,
    looked,
    /** Names of jobs that were stopped as wholes. */
    endedJobs,
    jobsAsked,
    source: wrapped.source,
    get changes() {
      return changes;
    },
    hold: () => {
      gate = createDeferred();
      return () => gate?.resolve();
    },
    /** These clients are being drained from now on, and no others. */
    drain: (...names: readonly string[]) => {
      drained = new Set(names);
    },
    get nodesAsked() {
      return nodesAsked;
    },
    /** For each instance whether it is to be moved. */
    leaving: () =>
      wrapped.source
        .snapshot()
        ?.instances.map(({ allocation }) => allocation?.kind === "of-job" && allocation.isLeaving === true),
    hint: ({ allocations = [], index = 1_000, deployments = [], isAnything = false }: Partial<Hint>) =>
      hinting({
        allocations: new Map(allocations.map((id) => [id, BigInt(index)])),
        deployments: new Set(deployments),
        isAnything,
      }),
    run: () => void allocations.run(stop.signal),
    async show(...instances: readonly ServiceInstance[]) {
      fake.show(snapshot(instances));
      await settle();
      await settle();
    },
    /** Port → what is said of the instance's allocation; undefined while there is no snapshot. */
    departed: () => wrapped.source.snapshot()?.departed?.map(({ isStopped }) => isStopped),
    /** For each that has left whether its job was stopped, too. */
    ended: () => wrapped.source.snapshot()?.departed?.map(({ isJobStopped }) => isJobStopped === true),
    words: () =>
      wrapped.source
        .snapshot()
        ?.instances.map(({ port, allocation }) =>
          allocation?.kind === "of-job"
            ? [port, allocation.job, ...(allocation.isCanary ? ["canary"] : []), allocation.health?.status]
                .filter((word) => word !== undefined)
                .join(" ")
            : `${port} ${allocation?.kind ?? "no word"}`,
        ),
  };
}
