import type { Tool } from "../test/support/real-binaries.ts";
import type { Options } from "./options.ts";
import type { Program } from "./program.ts";
import type { Instance } from "./world.ts";

export type Binary = Extract<Tool, { kind: "binary" }>;

/** What every benchmark needs to start whom it measures. */
export interface Stage {
  readonly options: Options;
  readonly consul: Binary;
  readonly traefik: Binary;
  /** The build that is measured. */
  readonly program: Program;
  /** The one that it is compared with, if any. */
  readonly before?: Program;
  /** Registered from the beginning to the end. */
  readonly world: readonly Instance[];
  /** Where backends answer; two at least: a change of port needs another port to go to. */
  readonly ports: readonly number[];
  /** Aborted when the time is over, or on Ctrl-C. */
  readonly signal: AbortSignal;
}
