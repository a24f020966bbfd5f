import { readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";

/** Looks at a chart whenever its directory changes, as Traefik does. */
export interface Eyewitness {
  /** How often there was something to read. */
  readonly looks: number;
  /** What a Traefik would have stumbled over. */
  readonly offences: readonly string[];
  stop(): void;
}

/** The directory must exist. */
export function startEyewitness(chart: string): Eyewitness {
  const offences: string[] = [];
  let looks = 0;
  const watcher = watch(dirname(chart), (event, name) => {
    if (name === basename(chart)) look();
    else if (name !== null && /\.(ya?ml|toml)$/.test(name)) offences.push(`${event} of ${name} beside the chart`);
  });

  function look(): void {
    const text = readFileSync(chart, "utf8");
    looks += 1;
    if (parseChart(text) === undefined) offences.push(`not a whole chart, ${text.length} characters: ${text}`);
  }

  return {
    get looks() {
      return looks;
    },
    offences,
    stop: () => watcher.close(),
  };
}
