import type { InstanceLabel } from "../../catalog/instance-label.ts";
import type { Reason } from "../answer.ts";

/* What `explain --legacy` answers: plain data, the same for people and machines, without secrets. */

/**
 * How far an entry has moved:
 *
 * | state | |
 * |---|---|
 * | `done` | the catalog serves all of it, or nothing leads to it: it can be deleted |
 * | `half` | its address is registered, or a service asks for what it serves |
 * | `not-begun` | neither |
 */
export type LegacyState = "done" | "half" | "not-begun";

/** A fixed address, and who is registered there. */
export interface LegacyAddress {
  /** Without a password. */
  readonly address: string;
  readonly registered: readonly LegacyRegistration[];
}

export interface LegacyRegistration extends InstanceLabel {
  /** The service's key. */
  readonly service: string;
  /** `passing`, `critical`, …; empty where the catalog tells none. */
  readonly health: string;
  readonly isHealthy: boolean;
  /** Whether its tags ask for any route. */
  readonly asksForRoutes: boolean;
}

/** A router of the operator's files that leads to the entry. */
export interface LegacyRouter {
  readonly name: string;
  readonly protocol: string;
  readonly rule: string;
  /** The routers of the catalog that take all of its requests as soon as it is deleted, with their services. */
  readonly successors: readonly { readonly router: string; readonly service: string; readonly servers: number }[];
  /** The routers of services that ask for its hosts and would not get them, with the first reason. */
  readonly refused: readonly { readonly router: string; readonly service: string; readonly reason: Reason }[];
}

/** What to do next: sentences, and lines to copy. */
export interface NextStep {
  readonly says: string;
  readonly lines: readonly string[];
}

/** A service or middleware of the operator's files that points at fixed addresses. */
export interface LegacyEntry {
  readonly name: string;
  /** `http/services/nas`. */
  readonly key: string;
  /** The file that defines it. */
  readonly file: string;
  readonly state: LegacyState;
  readonly addresses: readonly LegacyAddress[];
  readonly routers: readonly LegacyRouter[];
  /** The routers of services that use it. */
  readonly usedBy: readonly string[];
  readonly next: readonly NextStep[];
}

/** What is left to migrate of one chart. */
export interface LegacyAnswer {
  /** In one line: `3 static entries: 1 can be deleted, 1 is half moved, 1 has not begun`. */
  readonly says: string;
  readonly entries: readonly LegacyEntry[];
}
