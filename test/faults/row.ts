import type { EventName } from "../../src/observe/events.ts";
import type { Stage, StageOptions } from "./stage.ts";

/**
 * One fault: what is done, and what is expected beyond the promises of every row (run-row.ts): an innocent service is
 * answered throughout, news gets through, nothing is lost, no file is ever partial, and the log tells the story.
 */
export interface FaultRow {
  readonly name: string;
  /** Needs portolan: Traefik's own provider has no such file, process or signal. */
  readonly portolanOnly?: true;
  /** What the fault needs of this machine and it lacks; such a row is skipped, and said to be. */
  readonly lacks?: () => string | undefined;
  readonly stage?: StageOptions;
  /** How long the fault lasts; default: what the command line says. */
  readonly seconds?: number;
  /** Can a service be registered while the fault is on? Default: yes. */
  readonly takesNews?: false;
  /** How long news may take after the end of the fault, where the usual 2 s cannot be promised. Say why beside it. */
  readonly newsWithinMs?: number;
  /** Ports of backends whose answers are right for the innocent service, too: its other instances'. */
  alsoRight?(stage: Stage): readonly number[];
  /** Nobody could answer for the innocent service while the fault is on. Say why beside it. */
  readonly interrupts?: true;
  /** Begins the fault. */
  begin(stage: Stage): Promise<void>;
  /** Ends it. A fault without an end stays: news must get through in spite of it. */
  end?(stage: Stage): Promise<void>;
  /** What else must be so after the news; throws an error that says what is not. */
  verify?(stage: Stage): Promise<void>;
  /** How many lines each process may write, where a dozen is too few. Say why beside it. */
  readonly mostLogLines?: number;
  /** Events that portolan's log must have after the beginning. */
  readonly tells: readonly EventName[];
}
