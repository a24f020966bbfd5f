import { systemClock } from "../../base/clock.ts";
import { createAllocationsLog } from "../../observe/log/allocations-log.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import type { OpenedScheduler } from "../schedulers/open-schedulers.ts";
import { type Allocations, createAllocations } from "./allocations.ts";

/** The allocations that these Nomads know; undefined where there is none to ask. */
export function followAllocations(schedulers: readonly OpenedScheduler[], log: EventLog): Allocations | undefined {
  if (schedulers.length === 0) return undefined;
  return createAllocations({ schedulers, clock: systemClock, observer: createAllocationsLog(log) });
}
