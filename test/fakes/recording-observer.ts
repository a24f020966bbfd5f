import { routerLabel } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { DaemonObserver } from "../../src/observe/observer.ts";

export interface RecordingObserver extends DaemonObserver {
  /** What an operator would have been told, in order; a pass that changed nothing tells nothing. */
  readonly told: readonly string[];
  /** Passes that ended with a chart, told or not. */
  readonly passes: number;
}

/** Writes down what the daemon tells. */
export function createRecordingObserver(): RecordingObserver {
  const told: string[] = [];
  let passes = 0;
  return {
    told,
    get passes() {
      return passes;
    },
    adopted({ routers, storedSnapshots }) {
      if (routers !== undefined) told.push(`adopted ${routers} routers`);
      for (const { catalogName, instances } of storedSnapshots) {
        told.push(`stored slice of ${at(catalogName)}${instances.length} instances stands in`);
      }
    },
    setAside: (reason, movedTo) => told.push(`set aside: ${reason}, ${movedTo}`),
    stateNoted: (note) => told.push(`noted: ${note}`),
    charted({ decision, published: { didWrite }, lagMs }) {
      passes += 1;
      const changes = decision.changes.map(({ kind, router }) => `${kind} ${router}`);
      if (didWrite || changes.length > 0) told.push(`${didWrite ? "written" : "same"} after ${lagMs} ms: ${changes}`);
    },
    rolledBack: ({ number }) => told.push(`rolled back to ${number}`),
    rollbackEnded: (number) => told.push(`released rollback to ${number}`),
    held: (hold) => told.push(`held ${at(hold.catalogName)}${hold.kind}: ${hold.routers.map(routerLabel)}`),
    released: (hold, isByHand) =>
      told.push(`released ${at(hold.catalogName)}${hold.kind}${isByHand ? " by hand" : ""}`),
    unwritable: (error, retryInMs) => told.push(`unwritable ${error.code}, again in ${retryInMs} ms`),
    stateUnsaved: (error) => told.push(`state unsaved ${error.code}`),
    confirmFailed: (error, catalogName) => told.push(`confirm failed ${at(catalogName)}${error.code}`),
  };
}

function at(catalogName: string | undefined): string {
  return catalogName === undefined ? "" : `${catalogName}: `;
}
