import { AppError } from "../../base/errors.ts";

export type ResourceKind = "service" | "node" | "agent";

/** What one token may do. A thing that it may not see is left out of an answer in silence. */
export interface Access {
  /** Nothing is left out: an answer may be shared by all requests that may see everything. */
  readonly isFull: boolean;
  can(action: "read" | "write", kind: ResourceKind, name: string): boolean;
}

/** Where there are no ACLs, and for the token of the management. */
export const FULL_ACCESS: Access = { isFull: true, can: () => true };

/** As Consul says it for a token without the right. */
export function denied(): AppError {
  return new AppError("Permission denied", { code: "E_SIMULATOR_DENIED", retryable: false });
}
