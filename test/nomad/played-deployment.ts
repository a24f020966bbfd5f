import { randomUUID } from "node:crypto";
import type { NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import type { PlayedAllocation } from "./played-allocation.ts";

/** One deployment of a job, which counts what becomes of its allocations. */
export interface PlayedDeployment {
  readonly ID: string;
  placed(allocations: readonly PlayedAllocation[], areCanaries: boolean): void;
  /** Counts each that becomes healthy, or not. Are all? */
  areHealthy(allocations: readonly PlayedAllocation[]): Promise<boolean>;
  promoted(): void;
  succeeded(): void;
  failed(): void;
}

export interface DeploymentGoal {
  readonly JobID: string;
  readonly JobVersion: number;
  readonly DesiredTotal: number;
  readonly DesiredCanaries: number;
}

/** It is in the catalog from its first allocation on. */
export function createDeployment(catalog: NomadCatalog, goal: DeploymentGoal): PlayedDeployment {
  const ID = randomUUID();
  let counts = { PlacedAllocs: 0, HealthyAllocs: 0, UnhealthyAllocs: 0 };
  let state: { readonly PlacedCanaries?: readonly string[]; readonly Promoted?: boolean } = {};

  function put(end: { readonly Status?: string; readonly StatusDescription?: string } = {}): void {
    catalog.putDeployment({ ID, ...goal, ...counts, ...state, ...end });
  }

  return {
    ID,
    placed(allocations, areCanaries) {
      counts = { ...counts, PlacedAllocs: counts.PlacedAllocs + allocations.length };
      if (areCanaries) state = { ...state, PlacedCanaries: allocations.map(({ id }) => id) };
      put();
    },
    async areHealthy(allocations) {
      const outcomes = allocations.map(async ({ outcome }) => {
        const kind = (await outcome) === "healthy" ? "HealthyAllocs" : "UnhealthyAllocs";
        counts = { ...counts, [kind]: counts[kind] + 1 };
        put();
        return kind === "HealthyAllocs";
      });
      return (await Promise.all(outcomes)).every((isHealthy) => isHealthy);
    },
    promoted() {
      state = { ...state, Promoted: true };
      put();
    },
    succeeded: () => put({ Status: "successful", StatusDescription: "Deployment completed successfully" }),
    failed: () => put({ Status: "failed", StatusDescription: "Failed due to unhealthy allocations" }),
  };
}
