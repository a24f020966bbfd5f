import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";

/** Where the rules are that are shipped. */
export const RULES_FILE = join(import.meta.dirname, "../../deploy/alerts.yml");

/** An alert as the rules have it. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "description" | "command" | "runbook", string>>;
}

/** All alerts, in the order of the file. */
export function readAlerts(): readonly Alert[] {
  const { groups } = load(readFileSync(RULES_FILE, "utf8")) as { groups: ReadonlyArray<{ rules: readonly Alert[] }> };
  return groups.flatMap(({ rules }) => rules);
}
