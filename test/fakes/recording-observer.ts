import { routerLabel } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { DaemonObserver } from "../../src/observe/observer.ts";

export interface RecordingObserver extends DaemonObserver {
  /** What was reported, in order; a pass that changed nothing is left out. */
  readonly reports: readonly string[];
  /** Passes that ended with a chart, whether or not they changed anything. */
  readonly passes: number;
}

/** Notes what the daemon reports. */
export function createRecordingObserver(): RecordingObserver {
  const reports: string[] = [];
  let passes = 0;
  return {
    reports,
    get passes() {
      return passes;
    },
    adopted({ routers, storedSnapshots }) {
      if (routers !== undefined) reports.push(`adopted ${routers} routers`);
      for (const { catalogName, instances } of storedSnapshots) {
        reports.push(`stored snapshot of ${at(catalogName)}${instances.length} instances stands in`);
      }
    },
    confirmed: () => reports.push("confirmed"),
    setAside: (reason, movedTo) => reports.push(`set aside: ${reason}, ${movedTo}`),
    stateNoted: (note) => reports.push(`noted: ${note}`),
    charted({ decision, published: { didWrite }, lagMs }) {
      passes += 1;
      const changes = decision.changes.map(({ kind, router }) => `${kind} ${router}`);
      if (didWrite || changes.length > 0)
        reports.push(`${didWrite ? "written" : "same"} after ${lagMs} ms: ${changes}`);
    },
    rolledBack: ({ number }) => reports.push(`rolled back to ${number}`),
    rollbackEnded: (number) => reports.push(`released rollback to ${number}`),
    held: (hold) => reports.push(`held ${at(hold.catalogName)}${hold.kind}: ${hold.routers.map(routerLabel)}`),
    released: (hold, isByHand) =>
      reports.push(`released ${at(hold.catalogName)}${hold.kind}${isByHand ? " by hand" : ""}`),
    unwritable: (error, retryInMs) => reports.push(`unwritable ${error.code}, again in ${retryInMs} ms`),
    stateUnsaved: (error) => reports.push(`state unsaved ${error.code}`),
    confirmFailed: (error, catalogName) => reports.push(`confirm failed ${at(catalogName)}${error.code}`),
  };
}

function at(catalogName: string | undefined): string {
  return catalogName === undefined ? "" : `${catalogName}: `;
}
