import { join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { createPortsLog } from "../../observe/log/ports-log.ts";
import type { DaemonObserver } from "../../observe/observer.ts";
import type { OpenedScheduler } from "../schedulers/open-schedulers.ts";
import { createRangesFile } from "../stored-state/ranges-file.ts";
import type { StateAccess } from "../stored-state/state-access.ts";
import { createDynamicPorts, type DynamicPorts } from "./dynamic-ports.ts";

/** The dynamic range of `run` and `once`, by these Nomads. */
export function followDynamicPorts(
  settings: () => Settings,
  schedulers: readonly OpenedScheduler[],
  {
    log,
    observer,
    access,
    changed,
  }: { readonly log: EventLog; readonly observer: DaemonObserver; readonly access: StateAccess; changed(): void },
): DynamicPorts {
  return createDynamicPorts({
    nomads: schedulers.map(({ name, clients }) => ({ name, read: clients })),
    inSettings: () => settings().ports.dynamic,
    kept: access(createRangesFile(join(settings().stateDir, "dynamic-ports.json"))),
    clock: systemClock,
    random: Math.random,
    observer: { ...observer, ...createPortsLog(log) },
    changed,
  });
}
