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
import type { StoredRanges } from "../stored-state/ranges-file.ts";

/** A Nomad that can be asked. */
export interface NomadToAsk {
  /** Names it in messages and in the stored ranges. */
  readonly name: string;
  /** The ports of all its clients. Rejects with an AppError where it does not answer. */
  read(signal: AbortSignal): Promise<readonly ClientPorts[]>;
}

export interface DynamicPortsParts {
  readonly nomads: readonly NomadToAsk[];
  /** The range that the settings name: it wins, and no Nomad is asked while there is one. */
  inSettings(): PortRange | undefined;
  readonly kept: DaemonState<StoredRanges>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  readonly observer: PortsObserver & Pick<DaemonObserver, "setAside" | "stateNoted" | "stateUnsaved">;
  /** Called when other ports are dynamic than before, or clients have other names. */
  changed(): void;
}

/** The dynamic range of a running portolan: never unknown, and never narrowed by a Nomad that does not answer. */
export interface DynamicPorts {
  /** The same object until something about it changes. */
  range(): DynamicRange;
  /** Names of the clients by their ids, as they were told last. The same object until something about it changes. */
  nodeNames(): ReadonlyMap<string, string>;
  /** Begins with the stored ranges, and asks every Nomad; goes on after two seconds without their answers. */
  start(): Promise<void>;
  /** The settings have changed: reads them, and asks again as at the start. */
  reload(): Promise<void>;
  /** Asks every few minutes until aborted; a Nomad that did not answer, every few seconds. */
  run(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Clients change their range by a restart with other settings, which is rare, and widens before anything uses it. */
const REREAD_MS = 5 * 60_000;
const RETRY_MS = 5_000;
/** What is charted before the first answer may have to be taken back, so the start waits this long for it. */
const PATIENCE_MS = 2_000;

/** More than Nomad runs clients; names of clients that were replaced go first. */
const MOST_NAMES = 20_000;

/** What is known of one Nomad. */
interface Known {
  readonly reported: ReportedRanges | undefined;
  /** The last question was answered. */
  readonly isFresh: boolean;
  /** The codes of the errors since the last answer; each is reported once. */
  readonly errorCodes: readonly string[];
  /** The number of the question that this was the answer to. */
  readonly question: number;
}

const UNKNOWN: Known = { reported: undefined, isFresh: false, errorCodes: [], question: 0 };

export function createDynamicPorts(parts: DynamicPortsParts): DynamicPorts {
  const { nomads, inSettings, kept, clock, random, observer, changed } = parts;
  const known = new Map<string, Known>();
  const closing = new AbortController();
  let current = judge();
  let questions = 0;
  let names: ReadonlyMap<string, string> = new Map();

  function judge(): DynamicRange {
    const asked = nomads.map(({ name }): AskedNomad => {
      const { reported, isFresh } = known.get(name) ?? UNKNOWN;
      return { address: name, reported, isSilent: !isFresh };
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

  /** Answers may overtake each other: an answer to an older question than the last answered one is ignored. */
  async function ask({ name, read }: NomadToAsk, signal: AbortSignal): Promise<void> {
    if (inSettings() !== undefined) return;
    questions += 1;
    const question = questions;
    try {
      const clients = await read(signal);
      const reported = reportedRanges(clients);
      const before = known.get(name) ?? UNKNOWN;
      if (before.question > question) return;
      known.set(name, { reported, isFresh: true, errorCodes: [], question });
      const areNamed = nameNodes(clients);
      const isOther = update();
      if (areNamed && !isOther) changed();
      if (isOther || before.errorCodes.length > 0) observer.dynamicRange(current);
      if (JSON.stringify(reported) !== JSON.stringify(before.reported)) await save();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const before = known.get(name) ?? UNKNOWN;
      if (signal.aborted || before.question > question) return;
      const isNew = !before.errorCodes.includes(error.code);
      const errorCodes = isNew ? [...before.errorCodes, error.code] : before.errorCodes;
      known.set(name, { reported: before.reported, isFresh: false, errorCodes, question });
      update();
      if (isNew) observer.rangeUnreported(name, error, current);
    }
  }

  /** Returns whether any has another name. A client that has gone may still be the node of what is registered. */
  function nameNodes(clients: readonly ClientPorts[]): boolean {
    if (clients.every(({ id, node }) => names.get(id) === node)) return false;
    names = new Map([...names, ...clients.map(({ id, node }) => [id, node] as const)].slice(-MOST_NAMES));
    return true;
  }

  async function save(): Promise<void> {
    const ranges = [...known].flatMap(([name, { reported }]) =>
      reported === undefined ? [] : [[name, reported] as const],
    );
    try {
      await kept.save(Object.fromEntries(ranges), clock.nowMs());
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
    nodeNames: () => names,
    async start() {
      if (nomads.length === 0) return;
      const stored = await loadState(kept, observer);
      for (const { name } of nomads) known.set(name, { ...UNKNOWN, reported: stored?.[name] });
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
