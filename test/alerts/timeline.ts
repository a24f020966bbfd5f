/** Between two samples, and between two evaluations, in seconds: as deploy/prometheus.yml scrapes. */
export const INTERVAL_S = 15;

/** A series of samples as promtool writes it. */
export type Timeline = string;

/** A value that is scraped for so many minutes; undefined: the target does not answer, or the series is not there. */
export type Stretch = readonly [value: number | undefined, minutes: number];

/** These values one after the other. */
export function timeline(...stretches: readonly Stretch[]): Timeline {
  return stretches
    .map(([value, minutes]) => {
      const samples = (minutes * 60) / INTERVAL_S;
      // Prometheus marks the end of a series when its target does not answer, or no longer has it.
      return value === undefined ? `stale ${samples > 1 ? `_x${samples - 1}` : ""}` : `${value}+0x${samples - 1}`;
    })
    .join(" ");
}

/** A value that grows evenly for so many minutes, by so much a minute. */
export function rising(from: number, aMinute: number, minutes: number): Timeline {
  return `${from}+${(aMinute * INTERVAL_S) / 60}x${(minutes * 60) / INTERVAL_S - 1}`;
}

/** Longer than any case. */
export const FOR_EVER = 85;

export function always(value: number): Timeline {
  return timeline([value, FOR_EVER]);
}
