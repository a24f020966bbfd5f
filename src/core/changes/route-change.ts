import type { PlannedReason } from "../removals/planned-removals.ts";
import { type Protocol, protocolOf, ROUTER_SECTIONS, type RouterSection } from "../traefik/chart/dynamic-config.ts";
import type { ServerChange, ServerReason } from "./server-change.ts";

/** Why a router came, went or changed. */
export type RouteReason =
  | PlannedReason
  | ServerReason
  /** It came with the operator's file or setting, has changed there, or is no longer there. */
  | { readonly kind: "operator-defined" | "operator-changed" | "operator-withdrew"; readonly origin: string }
  /** A file beside the chart defines its name, or one that it refers to. */
  | { readonly kind: "defined-beside"; readonly origin: string }
  /** The operator's router has lost something that it refers to. */
  | { readonly kind: "reference-gone" }
  /** Something that it refers to and that is not of its own service is another one now: `http/middlewares/gate`. */
  | { readonly kind: "reference-changed"; readonly name: string }
  /** This service has its name now. */
  | { readonly kind: "new-owner"; readonly service: string };

/** What happened to one router: what, where, why. The words are made where it is logged. */
export interface RouteChange {
  /** `emptied`: it lost its last server and answers 503 now; `restored`: it has one again. */
  readonly kind: "added" | "removed" | "changed" | "servers" | "emptied" | "restored";
  readonly router: string;
  readonly protocol: Protocol;
  /** Empty for UDP, which has none. */
  readonly rule: string;
  /** The entry points that it names; none where it leaves that to Traefik. */
  readonly entryPoints: readonly string[];
  /** The catalog service that owns the router, where it is known. */
  readonly service: string | undefined;
  /** How many servers it has now. */
  readonly servers: number;
  readonly serversAdded: readonly ServerChange[];
  readonly serversRemoved: readonly ServerChange[];
  readonly why: RouteReason;
}

/** Where a chart has the router that a change is about. */
export function sectionOfChange({ protocol }: Pick<RouteChange, "protocol">): RouterSection | undefined {
  return ROUTER_SECTIONS.find((section) => protocolOf(section) === protocol);
}
