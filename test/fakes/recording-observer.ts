import { routerLabel } from "../../src/core/traefik/dynamic-config.ts";
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
    adopted({ routers, storedSlice }) {
      if (routers !== undefined) told.push(`adopted ${routers} routers`);
      if (storedSlice !== undefined) told.push(`stored slice of ${storedSlice.instances.length} instances stands in`);
    },
    setAside: (reason, movedTo) => told.push(`set aside: ${reason}, ${movedTo}`),
    stateNoted: (note) => told.push(`noted: ${note}`),
    charted({ decision, published: { didWrite }, lagMs }) {
      passes += 1;
      const changes = decision.changes.map(({ kind, router }) => `${kind} ${router}`);
      if (didWrite || changes.length > 0) told.push(`${didWrite ? "written" : "same"} after ${lagMs} ms: ${changes}`);
    },
    held: (hold) => told.push(`held ${hold.kind}: ${hold.routers.map(routerLabel)}`),
    released: (hold) => told.push(`released ${hold.kind}`),
    unwritable: (error, retryInMs) => told.push(`unwritable ${error.code}, again in ${retryInMs} ms`),
    stateUnsaved: (error) => told.push(`state unsaved ${error.code}`),
    confirmFailed: (error) => told.push(`confirm failed ${error.code}`),
  };
}
