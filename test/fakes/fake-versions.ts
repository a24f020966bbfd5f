import type { ChartVersion, ChartVersions } from "../../src/daemon/chart-versions.ts";

/** Every version in memory; the hash is the text itself. */
export function createFakeVersions(): ChartVersions {
  const kept: ChartVersion[] = [];
  return {
    async keep(text, reason, nowMs) {
      kept.unshift({ number: kept.length + 1, publishedAtMs: nowMs, hash: text, reason });
    },
    list: async () => [...kept],
    text: async (wanted) => kept.find(({ number }) => number === wanted)?.hash,
  };
}
