import { formatRange } from "../core/ports/port-range.ts";
import type { EventLog } from "./event-log.ts";
import type { PortsObserver } from "./observer.ts";

/** Turns what is told about the dynamic range into log lines. */
export function createPortsTelemetry(log: EventLog): PortsObserver {
  return {
    dynamicRange({ ports, origin }) {
      log.emit("ports.range", `dynamic ports are ${formatRange(ports)}: ${origin}`, {
        ports: formatRange(ports),
        origin,
      });
    },
    rangeUntold(nomad, error, { ports, origin }) {
      log.emit(
        "ports.untold",
        `Nomad at ${nomad} does not tell its dynamic ports: ${error.message}; ${formatRange(ports)} counts (${origin}), trying again`,
        { nomad, code: error.code, ports: formatRange(ports), origin },
      );
    },
  };
}
