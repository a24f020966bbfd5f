import { PORT_STATUSES } from "../../api/resources/words.ts";
import type { Tone } from "../parts/tone.ts";
import type { PortRow } from "./port-row.ts";

export type PortStatus = PortRow["status"];

/** How a status is told: what it means, and its mark in the picture, no two of which have one form. */
export interface StatusWords {
  readonly means: string;
  readonly tone: Tone;
  readonly mark: "cross" | "diamond" | "triangle" | "dot" | "small-dot" | "ring" | "square" | "hollow-square";
}

export const STATUS_WORDS: Readonly<Record<PortStatus, StatusWords>> = {
  Conflict: {
    means: "declared for two owners, or held by two services at one address",
    tone: "bad",
    mark: "cross",
  },
  Squatted: { means: "declared for one owner, and held by others only", tone: "bad", mark: "diamond" },
  Undeclared: {
    means: "held by a service outside the dynamic range, or in a group, and no ledger declares it",
    tone: "warning",
    mark: "triangle",
  },
  Static: {
    means: "a snippet points there by a fixed address, and no service is registered",
    tone: "plain",
    mark: "square",
  },
  Active: { means: "declared for one owner, and held by it", tone: "good", mark: "dot" },
  Scheduled: { means: "placed by the scheduler in the dynamic range", tone: "plain", mark: "small-dot" },
  Inside: {
    means: "registered at addresses of their own only, which hold no port of the node",
    tone: "quiet",
    mark: "hollow-square",
  },
  Reserved: { means: "declared for one owner, and held by no service", tone: "quiet", mark: "ring" },
};

/** The gravest first. */
export const STATUSES_BY_GRAVITY: readonly PortStatus[] = [
  ...(["Conflict", "Squatted", "Undeclared", "Static", "Active", "Scheduled", "Inside", "Reserved"] as const),
];

/** How many ports stand how; each status that there is, the gravest first. A range counts each of its ports. */
export function statusCounts(
  rows: readonly PortRow[],
): readonly { readonly status: PortStatus; readonly ports: number }[] {
  const counts = new Map<PortStatus, number>();
  for (const { status, first, last } of rows) counts.set(status, (counts.get(status) ?? 0) + last - first + 1);
  return STATUSES_BY_GRAVITY.flatMap((status) => {
    const ports = counts.get(status);
    return ports === undefined ? [] : [{ status, ports }];
  });
}

/** The status that a person writes, whatever the case. */
export function statusNamed(text: string | undefined): PortStatus | undefined {
  return PORT_STATUSES.find((status) => status.toLowerCase() === text?.toLowerCase());
}
