import { readFileSync, statSync } from "node:fs";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";

export interface ChartReader {
  /** Versions of the file that were seen, and those of them that were no complete chart. */
  stop(): { readonly versions: number; readonly partial: readonly string[] };
}

/** Looks at the file every millisecond as Traefik might, and reads each version of it. */
export function watchVersions(path: string): ChartReader {
  let versions = 0;
  let last = "";
  const partial: string[] = [];
  const timer = setInterval(() => {
    const version = statVersion(path);
    if (version === undefined || version === last) return;
    last = version;
    const text = readText(path);
    if (text === undefined) return;
    versions += 1;
    if (parseChart(text) === undefined) partial.push(text);
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return { versions, partial };
    },
  };
}

function statVersion(path: string): string | undefined {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
