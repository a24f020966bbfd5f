import type { Registry } from "prom-client";
import { METRICS, type MetricName } from "./metric-names.ts";

/** What prom-client needs to know of a metric: its name, its help text, its labels and where it is registered. */
export function family<Label extends string>(
  name: MetricName,
  labelNames: readonly Label[],
  registers: readonly Registry[],
) {
  return { name, help: METRICS[name], labelNames: [...labelNames], registers: [...registers] };
}
