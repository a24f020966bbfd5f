import { count } from "../../base/count.ts";
import { enoughMib, isMemoryShort, type MemoryReading, MIB } from "../memory/memory-reading.ts";
import type { EventLog } from "./event-log.ts";

export interface MemoryLogParts {
  readonly log: EventLog;
  /** How many services there are; asked only when something is told. */
  services(): number;
  /** Where the limit is set: Nomad and systemd name themselves by variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with what holds from the next collection on, once at the beginning as well. */
  shown(isShort: boolean): void;
}

/** Tells when memory gets short, with the remedy, and when it is enough again; nothing in between. Is to be given each reading. */
export function createMemoryLog({
  log,
  services,
  environment,
  shown,
}: MemoryLogParts): (reading: MemoryReading) => void {
  let wasShort = false;
  shown(wasShort);
  return (reading) => {
    const isShort = isMemoryShort(reading, wasShort);
    if (isShort === wasShort) return;
    wasShort = isShort;
    shown(isShort);
    const known = services();
    const used = usedWords(reading, known);
    const data = { ...reading, services: known };
    if (!isShort) {
      log.emit("memory.enough", `memory is enough again: ${used}`, data);
      return;
    }
    const remedy = memoryRemedy(reading, environment);
    log.emit(
      "memory.short",
      `memory is short: ${used}; three quarters of the heap and 85 % of the memory are allowed. At a limit the process is ended, Traefik keeps the last chart, and the next start meets the same limit; ${remedy}`,
      { ...data, remedy },
    );
  };
}

function usedWords({ heapBytes, heapLimitBytes, processBytes, memoryLimitBytes }: MemoryReading, services: number) {
  const ofMemory = memoryLimitBytes === undefined ? "" : ` of the ${mib(memoryLimitBytes)} that it may have`;
  return `with ${count(services, "service")} ${mib(heapBytes)} live in a heap of at most ${mib(heapLimitBytes)}, and the process holds ${mib(processBytes)}${ofMemory}`;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/** What raises the limit, to be copied; the heap takes its share of it at the next start. */
export function memoryRemedy(
  { memoryLimitBytes }: Pick<MemoryReading, "memoryLimitBytes">,
  environment: MemoryLogParts["environment"],
): string {
  if (memoryLimitBytes === undefined) return "run portolan on a machine with more memory";
  const enough = enoughMib(memoryLimitBytes);
  if (environment["NOMAD_ALLOC_ID"] !== undefined) {
    // Where Nomad lets a task have more than it reserves, memory_max is the limit.
    const key = environment["NOMAD_MEMORY_MAX_LIMIT"] === undefined ? "memory" : "memory_max";
    return `write ${key} = ${enough} in the resources of portolan's task, and nomad job run it`;
  }
  if (environment["INVOCATION_ID"] !== undefined) {
    return `systemctl set-property portolan MemoryMax=${enough}M && systemctl restart portolan`;
  }
  return `docker update --memory ${enough}m --memory-swap ${enough}m CONTAINER && docker restart CONTAINER (mem_limit: ${enough}m with Compose)`;
}
