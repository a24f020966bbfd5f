import type { Clock } from "../../base/clock.ts";
import { untilAborted } from "../../base/deferred.ts";
import { AppError } from "../../base/errors.ts";
import {
  type AskedNomad,
  type ClientPorts,
  type DynamicRange,
  dynamicRange,
  type ReportedRanges,
  reportedRanges,
} from "../../core/ports/dynamic-range.ts";
import { formatRange, type PortRange } from "../../core/ports/port-range.ts";
import { type DaemonState, loadState } from "../../daemon/daemon-state.ts";
import type { DaemonObserver, PortsObserver } from "../../observe/observer.ts";

/** A Nomad that can be asked. */
export interface NomadToAsk {
  /** For people, and to know again what it told an earlier run. */
  readonly name: string;
  /** All its clients. Rejects with an AppError where it does not tell. */
  read(signal: AbortSignal): Promise<readonly ClientPorts[]>;
}

/** What each Nomad told last, by its name. */
export type KeptRanges = Readonly<Record<string, ReportedRanges>>;

export interface DynamicPortsParts {
  readonly nomads: readonly NomadToAsk[];
  /** The range that the settings name: it wins, and nobody is asked while there is one. */
  inSettings(): PortRange | undefined;
  readonly kept: DaemonState<KeptRanges>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  readonly observer: PortsObserver & Pick<DaemonObserver, "setAside" | "stateNoted" | "stateUnsaved">;
  /** Other ports are dynamic now. */
  changed(): void;
}

/** The dynamic range of a running portolan: never unknown, and never narrowed by a Nomad that does not tell. */
export interface DynamicPorts {
  /** The same object until something about it changes. */
  range(): DynamicRange;
  /** Begins with what was last known, and asks every Nomad; goes on after two seconds without their answers. */
  start(): Promise<void>;
  /** The settings have changed: looks at them, and asks again as at the start. */
  reload(): Promise<void>;
  /** Asks now and then, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Clients change their range by a restart with other settings, which is rare, and widens before anything uses it. */
const REREAD_MS = 5 * 60_000;
const RETRY_MS = 5_000;
/** What is charted in the seconds before the first answer may have to be taken back. */
const PATIENCE_MS = 2_000;

interface Known {
  readonly told: ReportedRanges | undefined;
  /** The last question was answered. */
  readonly isFresh: boolean;
  /** Why none has been since the last answer: the errors' codes, each told once. */
  readonly troubles: readonly string[];
  /** The number of the question that this was the answer to. */
  readonly question: number;
}

const UNKNOWN: Known = { told: undefined, isFresh: false, troubles: [], question: 0 };

export function createDynamicPorts(parts: DynamicPortsParts): DynamicPorts {
  const { nomads, inSettings, kept, clock, random, observer, changed } = parts;
  const known = new Map<string, Known>();
  const closing = new AbortController();
  let current = judge();
  let questions = 0;

  function judge(): DynamicRange {
    const asked = nomads.map(({ name }): AskedNomad => {
      const { told, isFresh } = known.get(name) ?? UNKNOWN;
      return { address: name, told, isSilent: !isFresh };
    });
    return dynamicRange(inSettings(), asked);
  }

  /** Returns whether other ports are dynamic than before. */
  function update(): boolean {
    const before = current;
    const next = judge();
    if (next.origin === before.origin && isSame(next.ports, before.ports)) return false;
    current = next;
    if (isSame(next.ports, before.ports)) return false;
    changed();
    return true;
  }

  /** Answers may overtake each other: one to an older question than the last one says nothing any more. */
  async function ask({ name, read }: NomadToAsk, signal: AbortSignal): Promise<void> {
    if (inSettings() !== undefined) return;
    questions += 1;
    const question = questions;
    try {
      const told = reportedRanges(await read(signal));
      const before = known.get(name) ?? UNKNOWN;
      if (before.question > question) return;
      known.set(name, { told, isFresh: true, troubles: [], question });
      if (update() || before.troubles.length > 0) observer.dynamicRange(current);
      if (JSON.stringify(told) !== JSON.stringify(before.told)) await save();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const before = known.get(name) ?? UNKNOWN;
      if (signal.aborted || before.question > question) return;
      const isNews = !before.troubles.includes(error.code);
      known.set(name, {
        told: before.told,
        isFresh: false,
        troubles: isNews ? [...before.troubles, error.code] : before.troubles,
        question,
      });
      update();
      if (isNews) observer.rangeUnreported(name, error, current);
    }
  }

  async function save(): Promise<void> {
    const told = [...known].flatMap(([name, one]) => (one.told === undefined ? [] : [[name, one.told] as const]));
    try {
      await kept.save(Object.fromEntries(told), clock.nowMs());
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      observer.stateUnsaved(error);
    }
  }

  async function askAll(): Promise<void> {
    const answered = new AbortController();
    const asking = Promise.all(nomads.map((nomad) => ask(nomad, closing.signal))).finally(() => answered.abort());
    await Promise.race([asking, clock.sleep(PATIENCE_MS, answered.signal)]);
  }

  async function follow(nomad: NomadToAsk, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = known.get(nomad.name)?.isFresh === true ? REREAD_MS : RETRY_MS;
      await clock.sleep(pauseMs * (0.9 + 0.2 * random()), signal);
      if (!signal.aborted) await ask(nomad, signal);
    }
  }

  return {
    range: () => current,
    async start() {
      if (nomads.length === 0) return;
      const stored = await loadState(kept, observer);
      for (const { name } of nomads) known.set(name, { ...UNKNOWN, told: stored?.[name] });
      update();
      await askAll();
    },
    async reload() {
      update();
      await askAll();
    },
    async run(signal) {
      await Promise.all([untilAborted(signal), ...nomads.map((nomad) => follow(nomad, signal))]);
    },
    close: () => closing.abort(),
  };
}

function isSame(one: PortRange, other: PortRange): boolean {
  return formatRange(one) === formatRange(other);
}
