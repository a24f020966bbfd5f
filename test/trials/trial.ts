import type { EventName } from "../../src/observe/log/events.ts";
import type { Stage, StageOptions } from "./stage/stage.ts";

/**
 * One fault or one attack: what is done, and what is expected beyond the promises of every trial (play-trial.ts): an innocent
 * service is answered throughout, news gets through, nothing is lost, no file is ever partial, and the log says what happened.
 */
export interface Trial {
  readonly name: string;
  /** Needs portolan: Traefik's own provider has no such file, process or signal. */
  readonly portolanOnly?: true;
  /** What this machine lacks for the fault; such a trial is skipped, and the run says so. */
  readonly lacks?: () => string | undefined;
  readonly stage?: StageOptions;
  /** Seconds that the fault lasts; default: `--seconds`. */
  readonly seconds?: number;
  /** Can a service be registered while the fault is on? Default: yes. */
  readonly takesNews?: false;
  /** How long news may take after the end of the fault, where the usual 2 s cannot be promised. Say why beside it. */
  readonly newsWithinMs?: number;
  /** Ports of backends whose answers are right for the innocent service, too: its other instances'. */
  alsoRight?(stage: Stage): readonly number[];
  /** No server could answer for the innocent service while the fault is on. Say why beside it. */
  readonly interrupts?: true;
  /** Begins the fault. */
  begin(stage: Stage): Promise<void>;
  /** Ends it. A fault without an end stays: news must get through in spite of it. */
  end?(stage: Stage): Promise<void>;
  /** A further check after the news; throws an error that says what is wrong. */
  verify?(stage: Stage): Promise<void>;
  /** How many lines each process may write, where a dozen is too few. Say why beside it. */
  readonly mostLogLines?: number;
  /** Events that portolan's log must have after the beginning. */
  readonly tells: readonly EventName[];
}
