import { join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createPortsLog } from "../../observe/log/ports-log.ts";
import type { DaemonObserver } from "../../observe/observer.ts";
import type { ClientsReader } from "../../sources/nomad/clients-reader.ts";
import { secretFileWarnings } from "../catalogs/secret-files.ts";
import { createRangesFile } from "../stored-state/ranges-file.ts";
import { createDynamicPorts, type DynamicPorts, type NomadToAsk } from "./dynamic-ports.ts";
import { type NomadSection, nameOf, nomadsToAsk } from "./nomads-to-ask.ts";

/** The dynamic range of `run` and `once`. Throws AppError (exit code 78) where a TLS file of a Nomad cannot be used. */
export async function followDynamicPorts(
  settings: () => Settings,
  { log, observer, changed }: { readonly log: EventLog; readonly observer: DaemonObserver; changed(): void },
): Promise<DynamicPorts> {
  const readers: ClientsReader[] = [];
  const nomads: NomadToAsk[] = [];
  for (const section of nomadsToAsk(settings())) {
    const reader = await openReader(section, log);
    readers.push(reader);
    nomads.push({ name: nameOf(section), read: reader.read });
  }
  const ports = createDynamicPorts({
    nomads,
    inSettings: () => settings().ports.dynamic,
    kept: createRangesFile(join(settings().stateDir, "dynamic-ports.json")),
    clock: systemClock,
    random: Math.random,
    observer: { ...observer, ...createPortsLog(log) },
    changed,
  });
  return {
    ...ports,
    close() {
      ports.close();
      for (const reader of readers) reader.close();
    },
  };
}

async function openReader(section: NomadSection, log: EventLog): Promise<ClientsReader> {
  // Loaded on demand: without a Nomad to ask the client is not needed in memory.
  const { openClientsReader } = await import("./clients-reader.ts");
  if (section.isCatalog) return openClientsReader(section, { credentialsRenewed() {}, credentialsWarned() {} });
  for (const warning of secretFileWarnings(section.section, section.settings, process.env)) {
    log.emit("settings.warning", warning);
  }
  return openClientsReader(section, {
    credentialsRenewed: (message) => log.emit("credentials.renewed", message),
    credentialsWarned: (message) => log.emit("credentials.warning", message),
  });
}
