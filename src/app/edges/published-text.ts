import type { ChartFile } from "../../output/chart/chart-file.ts";

/** The chart's file, and the text of it that is in force. */
export interface FollowedText {
  readonly chart: ChartFile;
  /** What was published last, or found at the start where portolan has written it; undefined before that. */
  publishedText(): string | undefined;
}

/**
 * Remembers what is read from the file and what is published into it: nothing else may be given to Traefiks that cannot read
 * the file. A text whose publication fails does not count, nor what another process writes into the file.
 */
export function followText(chart: ChartFile): FollowedText {
  let text: string | undefined;
  return {
    chart: {
      ...chart,
      async read() {
        const found = await chart.read();
        text = found.kind === "ours" ? found.text : undefined;
        return found;
      },
      async publish(next) {
        const published = await chart.publish(next);
        text = next;
        return published;
      },
    },
    publishedText: () => text,
  };
}
