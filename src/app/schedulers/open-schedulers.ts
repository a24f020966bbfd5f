import type { Settings } from "../../config/files/schema.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import type { SchedulerReader } from "../../sources/nomad/scheduler-reader.ts";
import { secretFileWarnings } from "../catalogs/secret-files.ts";
import { allocationSchedulers, nameOf, portSchedulers, type Scheduler } from "./schedulers.ts";

/** A Nomad that can be asked, by its name for messages and for what is stored of it. */
export interface OpenedScheduler
  extends Pick<
    SchedulerReader,
    "clients" | "allocations" | "definition" | "isJobStopped" | "checks" | "drainedClients"
  > {
  readonly name: string;
}

export interface OpenedSchedulers {
  /** Those whose clients hand out the ports. */
  readonly forPorts: readonly OpenedScheduler[];
  /** Those that may know an allocation. */
  readonly forAllocations: readonly OpenedScheduler[];
  close(): void;
}

/** Opens the Nomads of the settings, each once. Throws AppError (exit code 78) where a TLS file of one cannot be used. */
export async function openSchedulers(settings: Settings, log: EventLog): Promise<OpenedSchedulers> {
  const readers = new Map<string, SchedulerReader>();
  for (const one of allocationSchedulers(settings)) readers.set(nameOf(one), await openReader(one, log));
  const opened = (schedulers: readonly Scheduler[]): readonly OpenedScheduler[] =>
    schedulers.flatMap((scheduler) => {
      const name = nameOf(scheduler);
      const reader = readers.get(name);
      return reader === undefined ? [] : [{ name, ...askedBySettings(scheduler, reader) }];
    });
  return {
    forPorts: opened(portSchedulers(settings)),
    forAllocations: opened(allocationSchedulers(settings)),
    close() {
      for (const reader of readers.values()) reader.close();
    },
  };
}

/** What is asked, as far as the settings want to know it. */
function askedBySettings({ settings }: Scheduler, reader: SchedulerReader): Omit<OpenedScheduler, "name"> {
  if (settings.draining === "leave") return reader;
  return {
    ...reader,
    drainedClients: async () => new Set(),
    allocations: async (ids, signal) =>
      (await reader.allocations(ids, signal)).map((allocation) => ({ ...allocation, isLeaving: false })),
  };
}

async function openReader(scheduler: Scheduler, log: EventLog): Promise<SchedulerReader> {
  // Loaded on demand: without a Nomad to ask the client is not needed in memory.
  const { openSchedulerReader } = await import("./open-reader.ts");
  if (scheduler.isCatalog) return openSchedulerReader(scheduler, { credentialsRenewed() {}, credentialsWarned() {} });
  for (const warning of secretFileWarnings(scheduler.section, scheduler.settings, process.env)) {
    log.emit("settings.warning", warning);
  }
  return openSchedulerReader(scheduler, {
    credentialsRenewed: (message) => log.emit("credentials.renewed", message),
    credentialsWarned: (message) => log.emit("credentials.warning", message),
  });
}
