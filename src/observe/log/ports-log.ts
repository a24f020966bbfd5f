import { formatRange } from "../../core/ports/port-range.ts";
import type { PortsObserver } from "../observer.ts";
import type { EventLog } from "./event-log.ts";

/** What the log says about the dynamic range. */
export function createPortsLog(log: EventLog): PortsObserver {
  return {
    dynamicRange({ ports, origin }) {
      const range = formatRange(ports);
      log.emit("ports.range", `dynamic ports are ${range}: ${origin}`, { ports: range, origin });
    },
    rangeUnreported(nomad, { code, message }, { ports, origin }) {
      const range = formatRange(ports);
      const trouble = `Nomad at ${nomad} does not tell its dynamic ports: ${message}`;
      const data = { nomad, code, ports: range, origin };
      log.emit("ports.untold", `${trouble}; ${range} counts (${origin}), trying again`, data);
    },
  };
}
