import { createHash } from "node:crypto";

/** The result of a check of an allocation's service; whatever is left out is that of a check by HTTP. */
export interface CheckDefinition {
  readonly Service: string;
  readonly Status: "success" | "failure" | "pending";
  /** Its name. Default: alive. */
  readonly Check?: string;
  /** Default: healthiness. */
  readonly Mode?: "healthiness" | "readiness";
  /** When the client looked, in seconds of the epoch. Default: now. */
  readonly Timestamp?: number;
}

/** A result in the shape in which a client shows it. */
export interface CheckRow {
  readonly Check: string;
  readonly Group: string;
  readonly ID: string;
  readonly Mode: string;
  readonly Output: string;
  readonly Service: string;
  readonly Status: string;
  readonly StatusCode: number;
  readonly Timestamp: number;
}

const SHOWN = {
  success: { StatusCode: 200, Output: "nomad: http ok" },
  failure: { StatusCode: 500, Output: "" },
  pending: { StatusCode: 0, Output: "nomad: waiting to run" },
} as const;

/** @param allocation its id, and the name by which the job counts it */
export function checkRow(
  definition: CheckDefinition,
  allocation: { readonly ID: string; readonly Name: string },
): CheckRow {
  const { Service, Status, Check = "alive", Mode = "healthiness" } = definition;
  return {
    Check,
    Group: allocation.Name,
    ID: createHash("sha256").update(`${allocation.ID}\0${Service}\0${Check}`).digest("hex"),
    Mode,
    ...SHOWN[Status],
    Service,
    Status,
    Timestamp: definition.Timestamp ?? Math.floor(Date.now() / 1_000),
  };
}
