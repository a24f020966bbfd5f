import type { AppError } from "../../src/base/errors.ts";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import type { DaemonChart } from "../../src/daemon/daemon-chart.ts";

export interface FakeChart extends DaemonChart {
  /** What stands in the file; undefined where there is none. */
  text: string | undefined;
  /** Lets writes fail; undefined lets them succeed again. */
  failWith(error: AppError | undefined): void;
  /** Holds writes until released, as a slow disk does. */
  holdUntil(released: Promise<void>): void;
  /** The most writes that were ever under way at once. */
  readonly mostAtOnce: number;
}

/** The published file in memory: identical text is not written again, a failed write leaves what was there. */
export function createFakeChart(journal: string[]): FakeChart {
  let failure: AppError | undefined;
  let release: Promise<void> | undefined;
  let underWay = 0;
  let mostAtOnce = 0;
  const chart: FakeChart = {
    path: "/charts/portolan.yml",
    text: undefined,
    async read() {
      const { text } = chart;
      if (text === undefined) return { kind: "absent" };
      if (text === "") return { kind: "empty" };
      return text.startsWith(`${CHART_HEADER}\n`) ? { kind: "ours", text } : { kind: "foreign" };
    },
    async publish(text) {
      underWay += 1;
      mostAtOnce = Math.max(mostAtOnce, underWay);
      try {
        await release;
        if (failure !== undefined) throw failure;
        if (chart.text === text) return { didWrite: false };
        chart.text = text;
        journal.push("chart written");
        return { didWrite: true };
      } finally {
        underWay -= 1;
      }
    },
    failWith(error) {
      failure = error;
    },
    holdUntil(released) {
      release = released;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
  return chart;
}
