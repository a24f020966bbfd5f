import { Gauge, type Registry } from "prom-client";
import { statusCounts } from "../../core/ports/inventory/port-statuses.ts";
import type { PortSurveyObserver } from "../observer.ts";
import { family } from "./family.ts";

/** The metrics about ports and the ledger. */
export type PortFamilies = ReturnType<typeof portFamilies>;

export function portFamilies(registers: readonly Registry[]) {
  return { ports: new Gauge(family("portolan_ports", ["class", "status"], registers)) };
}

/** Shows how many ports stand how, as of the last survey; nothing where there is no ledger. */
export function createPortMetrics({ ports }: PortFamilies): Pick<PortSurveyObserver, "portsSurveyed"> {
  return {
    portsSurveyed(survey) {
      ports.reset();
      if (survey === undefined) return;
      for (const { class: own, status, ports: count } of statusCounts(survey)) ports.set({ class: own, status }, count);
    },
  };
}
