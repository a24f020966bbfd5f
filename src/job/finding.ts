import type { DiagnosticCode, Spot } from "../core/diagnostics/diagnostics.ts";
import type { JobCode } from "./codes.ts";
import type { Group, JobPort, JobService } from "./job.ts";

/** What is wrong with a job, or worth knowing before it runs. */
export interface JobFinding {
  readonly code: JobCode | DiagnosticCode;
  /** Of an error something would not be routed, or not be placed. */
  readonly severity: "error" | "warning" | "info";
  /** `group web, service web`. */
  readonly place: string;
  readonly message: string;
  readonly remedy: string;
  /** To paste, in HCL or YAML, as the remedy says. */
  readonly lines?: readonly string[];
  /** The raw tag to blame, with the part that is wrong. */
  readonly tag?: string;
  readonly spot?: Spot;
}

export function groupPlace({ name }: Group): string {
  return `group ${name}`;
}

export function servicePlace(group: Group, { name, task }: JobService): string {
  return `${groupPlace(group)}${task === undefined ? "" : `, task ${task}`}, service ${name}`;
}

export function portPlace(group: Group, { label, task }: JobPort): string {
  return `${groupPlace(group)}${task === undefined ? "" : `, task ${task}`}, port ${label}`;
}
