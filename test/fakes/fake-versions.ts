import type { ChartVersion, ChartVersions } from "../../src/daemon/chart-versions.ts";
import type { VersionStore } from "../../src/daemon/paced-versions.ts";
import { changesInWords } from "../../src/daemon/version-changes.ts";

/** Every version in memory; the hash is the text itself. It stands for either side of the pace at which versions are kept. */
export function createFakeVersions(): ChartVersions & VersionStore {
  const kept: ChartVersion[] = [];
  return {
    async keep(text, changes, nowMs) {
      const reason = typeof changes === "string" ? changes : changesInWords(changes);
      kept.unshift({ number: kept.length + 1, publishedAtMs: nowMs, hash: text, reason });
    },
    list: async () => [...kept],
    text: async (wanted) => kept.find(({ number }) => number === wanted)?.hash,
  };
}
