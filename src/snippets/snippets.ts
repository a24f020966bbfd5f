import type { Clock } from "../base/clock.ts";
import { untilAborted } from "../base/deferred.ts";
import { AppError } from "../base/errors.ts";
import { watchFolder } from "../base/watch-folder.ts";
import {
  aboutFile,
  assembleOperatorConfig,
  type Definitions,
  type FoundFile,
  type LastGood,
} from "../core/operator-config/assemble.ts";
import {
  NO_OPERATOR_CONFIG,
  type OperatorConfig,
  type OperatorConfigSettings,
} from "../core/operator-config/operator-config.ts";
import { renderChart } from "../core/traefik/chart/render.ts";
import { readSnippets } from "./folder.ts";

/** What the operator's files hold, kept up to date. */
export interface Snippets {
  /** What counts now: the same object until its meaning changes. */
  operatorConfig(): OperatorConfig;
  /** Begins with what was last good in an earlier run, and reads everything. */
  start(): Promise<void>;
  /** The settings have changed: reads everything again by them. */
  reload(): Promise<void>;
  /** Follows the folder until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface SnippetsParts {
  /** Read each time, so that a reload counts. */
  settings(): {
    /** Undefined where there is none. */
    readonly folder: string | undefined;
    readonly define: Definitions["settings"];
    readonly judgedBy: OperatorConfigSettings;
  };
  /** The last good content of every file, so that a restart does not forget what a broken file said. */
  readonly kept: {
    load(): Promise<Readonly<Record<string, unknown>> | undefined>;
    save(good: Readonly<Record<string, unknown>>): Promise<void>;
  };
  readonly clock: Clock;
  /** Called when the meaning has changed. */
  changed(): void;
  unsaved(error: AppError): void;
}

export function createSnippets({ settings, kept, clock, changed, unsaved }: SnippetsParts): Snippets {
  let operatorConfig = NO_OPERATOR_CONFIG;
  let good: LastGood = new Map();
  let saved = "{}";
  let reading: Promise<void> = Promise.resolve();
  let reloaded = new AbortController();

  /** One reading after the other, so that an older one never ends last. */
  function read(): Promise<void> {
    reading = reading.then(readNow);
    return reading;
  }

  async function readNow(): Promise<void> {
    const { folder, define, judgedBy } = settings();
    const found = folder === undefined ? [] : await readSnippets(folder);
    // What an unreadable folder holds is unknown: every file that was in it counts as unreadable, too.
    const files: readonly FoundFile[] =
      "length" in found ? found : [...good.keys()].map((name) => ({ name, problem: found }));
    const assembled = assembleOperatorConfig({ settings: define, files, lastGood: good }, judgedBy);
    good = assembled.good;
    const unreadable =
      "length" in found || folder === undefined ? [] : [aboutFile(folder, { code: "SNIPPET_REFUSED", ...found })];
    const next = { ...assembled.operatorConfig, diagnostics: [...unreadable, ...assembled.operatorConfig.diagnostics] };
    if (!isSame(next, operatorConfig)) {
      operatorConfig = next;
      changed();
    }
    await save();
  }

  async function save(): Promise<void> {
    const content = Object.fromEntries(good);
    const text = JSON.stringify(content);
    if (text === saved) return;
    try {
      await kept.save(content);
      saved = text;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unsaved(error);
    }
  }

  return {
    operatorConfig: () => operatorConfig,
    async start() {
      const known = await kept.load();
      good = new Map(Object.entries(known ?? {}));
      saved = JSON.stringify(known ?? {});
      await read();
    },
    async reload() {
      await read();
      reloaded.abort();
      reloaded = new AbortController();
    },
    async run(signal) {
      while (!signal.aborted) {
        const { folder } = settings();
        const waiting = AbortSignal.any([signal, reloaded.signal]);
        if (folder === undefined) {
          await untilAborted(waiting);
          continue;
        }
        const watch = watchFolder(folder, clock);
        try {
          await read();
          await watch.changed(waiting);
        } finally {
          watch.close();
        }
      }
    },
  };
}

function isSame(one: OperatorConfig, other: OperatorConfig): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint({ config, origins, diagnostics }: OperatorConfig): string {
  return JSON.stringify([renderChart(config), [...origins], diagnostics]);
}
