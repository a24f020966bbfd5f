import type { Clock } from "../../base/clock.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import { namesInFiles } from "./named-services.ts";

/** The operator's files as charts are decided by them. */
export interface ConfigInForce {
  operatorConfig(): OperatorConfig;
  /** The files mean something else by now. */
  follow(): void;
  /** Resolves once what the files mean counts. */
  settled(): Promise<void>;
}

export interface ConfigInForceParts {
  /** What the files mean now. */
  latest(): OperatorConfig;
  /** Reads the catalogs, with what the files name by now. */
  readNamed(signal: AbortSignal): Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called when what counts has changed. */
  changed(): void;
}

/** How long a change of the files waits for what it names. */
const READ_WITHIN_MS = 5_000;

/**
 * What names services of the catalog otherwise than before counts once these have been read, or after five seconds: the pass in
 * between would find no instance of a service that nothing else asks for, and refuse every request behind it. The catalogs
 * have been read for what the files mean at first.
 */
export function createConfigInForce(parts: ConfigInForceParts): ConfigInForce {
  const { latest, readNamed, clock, signal, changed } = parts;
  let inForce = latest();
  let readFor = namesInFiles(inForce);
  let reading: { readonly names: string; readonly ended: Promise<void> } | undefined;

  function adopt(names: string): void {
    reading = undefined;
    readFor = names;
    inForce = latest();
    changed();
  }

  async function readWithin(): Promise<void> {
    const over = new AbortController();
    const waiting = AbortSignal.any([signal, over.signal]);
    await Promise.race([readNamed(signal), clock.sleep(READ_WITHIN_MS, waiting)]);
    over.abort();
  }

  function read(names: string): void {
    const own = {
      names,
      ended: readWithin().then(
        () => {
          // Of several changes the last one counts, and what it names has been read since.
          if (reading === own && !signal.aborted) adopt(names);
        },
        (error: unknown) => {
          if (!signal.aborted) throw error;
        },
      ),
    };
    reading = own;
  }

  return {
    operatorConfig: () => inForce,
    follow() {
      const names = namesInFiles(latest());
      if (names === readFor) adopt(names);
      else if (names !== reading?.names) read(names);
    },
    async settled() {
      while (reading !== undefined && !signal.aborted) await reading.ended;
    },
  };
}
