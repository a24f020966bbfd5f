import { basename, dirname } from "node:path";
import type { Clock } from "../base/clock.ts";
import { watchFolder } from "../base/watch-folder.ts";
import { assembleNeighbours, type FoundNeighbour } from "../core/neighbours/assemble.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../core/neighbours/neighbours.ts";
import { NOTHING_KNOWN, readNeighbours } from "./read-neighbours.ts";

/** A file beside the chart for which Traefik refuses the whole directory, the chart included. */
export interface UnloadableFile {
  readonly file: string;
  /** The place in it, what was found there and what to do. */
  readonly message: string;
}

/** The files beside one chart, kept up to date. */
export interface FollowedNeighbours {
  /** What counts now: the same object until its meaning changes. */
  current(): Neighbours;
  /** Reads everything once. */
  read(): Promise<void>;
  /** Follows the directory until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface NeighboursParts {
  /** The chart's path: its directory is looked at, and itself is none of its neighbours. */
  readonly chart: string;
  readonly clock: Clock;
  /** Called when what the files define has changed. */
  changed(): void;
  /** Called when another file than before, or none any more, makes Traefik refuse the directory. */
  unloadable(found: UnloadableFile | undefined): void;
}

export function followNeighbours({ chart, clock, changed, unloadable }: NeighboursParts): FollowedNeighbours {
  let neighbours = NO_NEIGHBOURS;
  let meaning: string | undefined;
  let known = NOTHING_KNOWN;
  let directories: readonly string[] = [];
  let reported: string | undefined;
  let reading: Promise<void> = Promise.resolve();

  /** One reading after the other, so that an older one never ends last. */
  function read(): Promise<void> {
    reading = reading.then(readNow);
    return reading;
  }

  async function readNow(): Promise<void> {
    const result = await readNeighbours(chart, known, clock);
    ({ known, directories } = result);
    report(result.found.files);
    const next = assembleNeighbours(result.found);
    const nextMeaning = JSON.stringify([[...next.names], next.isComplete, next.diagnostics]);
    if (nextMeaning === meaning) return;
    meaning = nextMeaning;
    neighbours = next;
    changed();
  }

  /** Traefik stops at the first file that it cannot load. */
  function report(files: readonly FoundNeighbour[]): void {
    const [first] = files.flatMap((found) => (found.kind === "refused" ? [found] : []));
    const found = first && unloadableBy(first.file, first.problem);
    if (found?.message === reported) return;
    reported = found?.message;
    unloadable(found);
  }

  return {
    current: () => neighbours,
    read,
    async run(signal) {
      while (!signal.aborted) {
        const touched = new AbortController();
        const waiting = AbortSignal.any([signal, touched.signal]);
        // Opened before the reading, so that nothing falls in between. Traefik does not watch directories below the chart's, but
        // reads them at its next occasion.
        const watches = directories.map((one) => watchFolder(one, clock, ownNamesIn(one, chart)));
        const seen = directories;
        try {
          await read();
          if (directories.join("\0") !== seen.join("\0")) continue;
          await Promise.race(watches.map((watch) => watch.changed(waiting)));
        } finally {
          // With a reason, since an error would be made in its place, with its stack.
          touched.abort("ended");
          for (const watch of watches) watch.close();
        }
      }
    },
  };
}

/**
 * The chart itself, what grows until it is renamed to the chart, and, where the state directory lies below the chart's, what is
 * kept there: each publication would be a reason to read everything again. Traefik reads no file that has such a name, and a
 * directory that has one is found at the next look.
 */
function ownNamesIn(directory: string, chart: string): (name: string) => boolean {
  const isOfChart = directory === dirname(chart);
  return (name) => (isOfChart && name === basename(chart)) || OF_NO_CONFIGURATION.test(name);
}

/** What grows, journals and states, versions of charts. */
const OF_NO_CONFIGURATION = /^\.portolan-.*\.staging$|\.json$|\.chart\.gz$/;

function unloadableBy(file: string, { path, message, remedy }: { path: string; message: string; remedy: string }) {
  return { file, message: `${file}: ${path === "" ? "" : `${path}: `}${message}; ${remedy}` };
}
