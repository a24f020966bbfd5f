import { systemClock } from "../../base/clock.ts";
import { createAllocationsLog } from "../../observe/log/allocations-log.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { type ChosenCatalog, labelOf } from "../catalogs/chosen.ts";
import type { OpenedScheduler } from "../schedulers/open-schedulers.ts";
import { type Allocations, createAllocations } from "./allocations.ts";
import type { AskingCatalog } from "./asking-catalog.ts";

/** The allocations that these Nomads know; undefined where there is none to ask. */
export function followAllocations(schedulers: readonly OpenedScheduler[], log: EventLog): Allocations | undefined {
  if (schedulers.length === 0) return undefined;
  return createAllocations({ schedulers, clock: systemClock, observer: createAllocationsLog(log) });
}

/** The instances of Consul have checks of their own there. */
export function askingCatalog(catalog: ChosenCatalog): AskingCatalog {
  return { name: labelOf(catalog), health: catalog.kind === "nomad" ? catalog.settings.health : "none" };
}
