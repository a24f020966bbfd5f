import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figures.ts";
import type { Options } from "./options.ts";

/** What figures mean nothing without. */
export interface Place {
  readonly machine: string;
  /** How much of the processors others used meanwhile, in percent. */
  readonly busyPercent: number;
}

/** From here on others slow a run down noticeably. */
export const BUSY_PERCENT = 10;

/** A figure of a run with everything that it depends on, so that lines of many runs can be mixed. */
export interface Result extends Figure, Place, Omit<Options, "peers" | "maxSeconds"> {}

type Busy = Partial<Pick<Place, "busyPercent">>;

/** What a pass costs: a line of bench/translate.ts or bench/claims.ts. */
export interface TranslateResult extends Busy {
  readonly what: string;
  readonly services: number;
  readonly instances: number;
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly n: number;
  readonly aimMs?: number;
}

/** How long a command takes from its start to its end: a line of bench/start.ts or bench/reading.ts. */
export interface StartResult extends Busy {
  readonly start: string;
  readonly p50Ms: number;
  readonly maxMs: number;
  readonly n: number;
  /** How many times a bare Node in the same run. */
  readonly timesBare: number;
  readonly aimTimes?: number;
}

/** What the page costs, and how soon it shows something: a line of bench/page.ts. */
export interface PageResult extends Place {
  readonly page: string;
  readonly unit: "ms" | "B" | "MB" | "×";
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly n: number;
  /** For p50. */
  readonly aim?: number;
}

/** What the client of Consul costs by itself: a line of bench/polls.ts. */
export interface PollResult extends Busy {
  readonly poll: string;
  readonly value: number;
  readonly unit: string;
  readonly polls: number;
  readonly scheme: string;
}

/** Memory of a portolan in the weather of test/soak. */
export interface SoakSample extends Busy {
  readonly soak: "memory";
  /** What its life was like. */
  readonly life: string;
  /** Since the start of the soak. */
  readonly atS: number;
  readonly residentMb: number;
}

/** What came of a soak. */
export interface SoakSummary extends Busy {
  readonly soak: "summary";
  readonly minutes: number;
  readonly seed: number;
  readonly catalog: string;
  /** The fewest at a moment. */
  readonly services: number;
  readonly lives: number;
  /** Comparisons with what Traefik's own provider makes of the same catalog. */
  readonly moments: number;
  readonly differences: number;
  readonly changes: number;
  /** Node's version and the processors. */
  readonly machine: string;
}

/** A large catalog under steady change: a line of bench/scale.ts. */
export interface ScaleResult extends Place {
  readonly scale: string;
  readonly unit: "ms" | "B" | "MB" | "×" | "%" | "1/s" | "count";
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

/** What does not depend on time: a line of bench/counts.ts. */
export interface CountResult extends Busy {
  readonly count: string;
  readonly services: number;
  readonly instances: number;
  readonly value: number;
  /** Its version. */
  readonly node: string;
}

/** A line of any benchmark, or of a soak that was recorded. */
export type Line = Measured | SoakSample;
type Measured =
  | Result
  | TranslateResult
  | StartResult
  | PageResult
  | PollResult
  | CountResult
  | SoakSummary
  | ScaleResult;

/** What one run has written, by the name of its file. Figures are compared within a run, never across. */
export type Runs = ReadonlyMap<string, readonly Line[]>;

/** The results that the docs quote. */
export function readRuns(directory: string): Runs {
  const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
  return new Map(
    names
      .toSorted()
      .map((name) => [name.replace(".jsonl", ""), parseResults(readFileSync(join(directory, name), "utf8"), name)]),
  );
}

/** JSON lines → results. Throws Error that names the file and the line that is none. */
export function parseResults(text: string, name: string): readonly Line[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, position) => {
    try {
      const result: unknown = JSON.parse(line);
      if (
        typeof result === "object" &&
        result !== null &&
        ["metric", "what", "start", "page", "poll", "count", "soak", "scale"].some((key) => key in result)
      ) {
        return result as Line;
      }
    } catch {
      // Reported below.
    }
    throw new Error(`${name}, line ${position + 1}: found ${line.slice(0, 80)}, a line of the benchmark is allowed`);
  });
}

export function isResult(line: Line): line is Result {
  return "metric" in line;
}

export function isSample(line: Line): line is SoakSample {
  return "atS" in line;
}

/** The same run but for what is named; figures of several runs may match. */
export function select(results: readonly Result[], wanted: Partial<Result>): readonly Result[] {
  return results.filter((result) =>
    Object.entries(wanted).every(([name, value]) => result[name as keyof Result] === value),
  );
}
