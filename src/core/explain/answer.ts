import type { InstanceLabel } from "../catalog/instance-label.ts";
import type { Spot } from "../diagnostics/diagnostics.ts";
import type { Stage } from "./way/stages.ts";

/* What `explain` answers: plain data, the same for people and machines. Every text may be shown to any reader: secrets are
masked, and nothing else of it is to be trusted (names come from a catalog). Times in milliseconds since the epoch. */

/** An answer about one chart. */
export type Answer =
  | ServiceAnswer
  | RouterAnswer
  | HostAnswer
  | UrlAnswer
  | PortAnswer
  | AllocationAnswer
  | UnknownAnswer;

/** What it came to, in a word and in a sentence. */
export interface Verdict {
  readonly state: VerdictState;
  readonly says: string;
}

/**
 * | state | |
 * |---|---|
 * | `routed` | requests reach it |
 * | `partly` | some of what it asks for is routed, some is not |
 * | `kept` | it is routed as it was, not as it is: its new definition is wrong, or a guard holds it |
 * | `answers-503` | its router is there, and no server behind it |
 * | `refused-by-traefik` | it is in the chart, and Traefik does not serve it |
 * | `not-routed` | no router leads to it |
 * | `unknown` | there is no such thing in what was read |
 */
export type VerdictState =
  | "routed"
  | "partly"
  | "kept"
  | "answers-503"
  | "refused-by-traefik"
  | "not-routed"
  | "unknown";

/** Why something is not routed, or not as it was meant, and what to do. */
export interface Reason {
  /** At which stage of a pass it was decided. */
  readonly stage: Stage;
  /** A diagnostic's code, or one of `explain`'s own; stable. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The tag to blame, without secrets, and the part of it that is wrong. */
  readonly tag?: string;
  readonly spot?: Spot;
  /** The instance that it is about, where it is about one. */
  readonly instance?: InstanceLabel;
}

/** One step on the way of an instance: `yes`: passed; `no`: it ends here; `waits`: for now; `open`: not come to, or not known. */
export interface Step {
  readonly stage: Stage;
  readonly outcome: "yes" | "no" | "waits" | "open";
  readonly says: string;
}

export interface ExplainedTag {
  /** Without what may be a secret. */
  readonly tag: string;
  readonly means: string;
}

/** One instance, with its whole way. */
export interface ExplainedInstance extends InstanceLabel {
  readonly datacenter: string;
  readonly address: string;
  readonly port: number;
  /** `passing`, `warning`, `critical`, `maintenance` or what a Nomad says; empty where the catalog tells none. */
  readonly health: string;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly isNodes: boolean }[];
  readonly tags: readonly ExplainedTag[];
  /** Tags that are not for Traefik and not portolan's: how many. */
  readonly otherTags: number;
  readonly way: readonly Step[];
  /** Why it gets no traffic, or not all that it asks for; the first in the order of the pass first. */
  readonly reasons: readonly Reason[];
  /** Whether it is a server of a router in the chart. */
  readonly isServing: boolean;
}

export type RouterState = "live" | "held" | "kept" | "empty" | "closed" | "asleep" | "left-out";

export interface ExplainedServer {
  /** Its URL or address, without a password. */
  readonly server: string;
  readonly id?: string;
  readonly node?: string;
}

/** A router, asked for or in the chart. */
export interface ExplainedRouter {
  readonly name: string;
  readonly protocol: string;
  /** Empty where it could not be read, and for UDP. Without what may be a secret. */
  readonly rule: string;
  readonly priority: number;
  /** Empty: Traefik's default ones. */
  readonly entryPoints: readonly string[];
  readonly hasTls: boolean;
  /** The service of the catalog that owns it, or the operator's file; empty where that is not known. */
  readonly owner: string;
  readonly state: RouterState;
  /** What holds or ends this state, in words; absent for one that is live. */
  readonly because?: string;
  /** When it ends by itself. */
  readonly endsAtMs?: number;
  readonly servers: readonly ExplainedServer[];
  /** Its lines in the chart: itself, its service, its middlewares, without secrets. */
  readonly lines: readonly { readonly section: string; readonly line: string }[];
  /** Why it is left out, or not as its owner meant. */
  readonly reasons: readonly Reason[];
  /** Who else asked for its name or its hosts, and what became of that. */
  readonly rivals: readonly Rival[];
  /** What Traefik says of it, in words. */
  readonly traefik: string;
  /** Whether it serves it, as far as that is known; false for what is not in the chart. */
  readonly isServedByTraefik: boolean;
}

export interface Rival {
  /** Its router. */
  readonly router: string;
  /** Its service, or the operator's file. */
  readonly owner: string;
  readonly outcome: "refused" | "preferred" | "shares" | "shadows";
  readonly says: string;
}

export interface ServiceAnswer {
  readonly kind: "service";
  /** Its key: the name, with its namespace and its catalog where there are several. */
  readonly service: string;
  readonly verdict: Verdict;
  /** The first reason in the order of the pass; absent for one that is routed as it asks. */
  readonly reason?: Reason;
  /** What else is to be said: further reasons, and warnings about what is routed. */
  readonly besides: readonly Reason[];
  readonly instances: readonly ExplainedInstance[];
  readonly routers: readonly ExplainedRouter[];
}

export interface RouterAnswer {
  readonly kind: "router";
  readonly verdict: Verdict;
  readonly reason?: Reason;
  readonly router: ExplainedRouter;
  /** The services that define it, with their instances. */
  readonly services: readonly ServiceAnswer[];
}

export interface HostAnswer {
  readonly kind: "host";
  readonly host: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** The service that the host belongs to, or the operator's file; absent where no router in the chart names it. */
  readonly owner?: string;
  /** Those in the chart that serve it, the one that Traefik asks first first. */
  readonly routers: readonly ExplainedRouter[];
  /** Those that asked for it and are not in the chart. */
  readonly refused: readonly AskedFor[];
}

/** A router that is asked for and is not in the chart. */
export interface AskedFor {
  readonly router: string;
  readonly service: string;
  readonly reason: Reason;
}

export interface UrlAnswer {
  readonly kind: "url";
  readonly url: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** Those whose rule takes it, or may, in the order in which Traefik asks them. */
  readonly routers: readonly MatchedRouter[];
  /** Those that would take it and are not in the chart. */
  readonly refused: readonly AskedFor[];
  /** What the answer rests on, and what a URL does not tell. */
  readonly besides: readonly string[];
}

export interface MatchedRouter {
  readonly router: ExplainedRouter;
  /** `takes` it, `may` take it under the condition, or `loses` it to one that is asked before. */
  readonly outcome: "takes" | "may" | "loses";
  /** What it depends on, as what is left of its rule, or in words. */
  readonly condition?: string;
}

export interface PortAnswer {
  readonly kind: "port";
  readonly port: number;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** `system`, `infrastructure`, `dynamic` or `high`. */
  readonly class: string;
  readonly ledger: readonly LedgerLine[];
  readonly holders: readonly PortHolder[];
}

export interface LedgerLine {
  readonly origin: string;
  readonly ports: string;
  readonly owner: string;
  readonly exposure: string;
  readonly nodes: readonly string[];
  readonly purpose: string;
}

export interface PortHolder extends InstanceLabel {
  readonly service: string;
  readonly protocol: string;
  /** `Active`, `Squatted` and so on, as `portolan ports` says. */
  readonly status: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
}

export interface AllocationAnswer {
  readonly kind: "allocation";
  readonly allocation: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** Each with its instances in this allocation alone. */
  readonly services: readonly ServiceAnswer[];
}

export interface UnknownAnswer {
  readonly kind: "unknown";
  readonly about: string;
  readonly verdict: Verdict;
  /** Names that may have been meant, the likeliest first. */
  readonly didYouMean: readonly string[];
  /** Why something of that name may be there all the same, and unseen. */
  readonly reasons: readonly Reason[];
}
