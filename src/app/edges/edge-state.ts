import { join } from "node:path";
import type { KeptMemory } from "../../core/memory.ts";
import { MAIN_EDGE } from "../../core/settings.ts";
import type { ChartFingerprints } from "../../daemon/confirmed-chart.ts";
import type { DaemonState } from "../../daemon/daemon-state.ts";
import type { DaemonCatalog } from "../../daemon/followed-catalog.ts";
import type { Rollback } from "../../daemon/rollback.ts";
import { createVersionFiles, type VersionFiles } from "../../output/chart/version-files.ts";
import type { VersionsKept } from "../../output/chart/versions-kept.ts";
import { buildIdentity } from "../process/build-identity.ts";
import { createChartFingerprintFile } from "../stored-state/chart-fingerprint-file.ts";
import { createChartStateFile } from "../stored-state/chart-state-file.ts";
import { createLastGoodFile } from "../stored-state/last-good-file.ts";
import { createRollbackFile } from "../stored-state/rollback-file.ts";
import type { StateAccess } from "../stored-state/state-access.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Which published charts are kept: who finds a bad one can go back to one from before it, a moment or a week later. */
const KEPT_VERSIONS: VersionsKept = {
  newest: 10,
  older: [
    { everyMs: HOUR_MS, forMs: DAY_MS },
    { everyMs: DAY_MS, forMs: 7 * DAY_MS },
  ],
};

/** What one chart keeps in the state directory. */
export interface EdgeState {
  readonly kept: DaemonState<KeptMemory>;
  readonly rollback: DaemonState<Rollback | null>;
  readonly versions: VersionFiles;
  /** The last good snapshot of a catalog: one file for all charts, which the main chart's daemon writes. */
  lastGood(catalogName: string | undefined): DaemonCatalog["lastGood"];
  /**
   * What the chart was decided from; undefined for all but the main chart, of which alone it is known that the last good
   * snapshots are those that it was decided from.
   */
  fingerprints(catalogNames: readonly (string | undefined)[]): ChartFingerprints | undefined;
}

export function openEdgeState(stateDir: string, edge: string, access: StateAccess): EdgeState {
  const ending = edge === MAIN_EDGE ? "" : `-${edge}`;
  const keptPath = join(stateDir, `chart-state${ending}.json`);
  const lastGoodPath = (catalogName: string | undefined) =>
    join(stateDir, catalogName === undefined ? "last-good.json" : `last-good-${catalogName}.json`);
  return {
    kept: access(createChartStateFile(keptPath)),
    rollback: access(createRollbackFile(join(stateDir, `rollback${ending}.json`))),
    versions: createVersionFiles({ directory: join(stateDir, `versions${ending}`), keep: KEPT_VERSIONS }),
    lastGood(catalogName) {
      const lastGood = access(createLastGoodFile(lastGoodPath(catalogName)));
      return edge === MAIN_EDGE ? lastGood : { load: () => lastGood.load(), save: async () => {} };
    },
    fingerprints(catalogNames) {
      if (edge !== MAIN_EDGE) return undefined;
      const path = join(stateDir, "chart-fingerprint.json");
      const stateFiles = [keptPath, ...catalogNames.map(lastGoodPath)];
      return createChartFingerprintFile({ path, stateFiles, program: buildIdentity });
    },
  };
}
