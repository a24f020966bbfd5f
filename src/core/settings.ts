import type { CompiledRule } from "./traefik/default-rule.ts";
import type { TraefikVersion } from "./traefik/dynamic-config.ts";

/** An inclusive range of ports. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A declared exception from the port window: this service may use these ports. */
export interface PortException {
  readonly service: string;
  readonly ports: PortRange;
  /** Why: shown wherever the exception counts. */
  readonly purpose: string;
}

/** What the core needs to know; `config/` produces it from file, environment and flags. */
export interface CoreSettings {
  readonly traefik: {
    /** Decides which fields exist. */
    readonly version: TraefikVersion;
    /** Tags that count start with it. */
    readonly prefix: string;
    /** What a service without a `traefik.enable` tag is. */
    readonly exposedByDefault: boolean;
    readonly defaultRule: CompiledRule;
    /** Health statuses that get traffic, in lower case; `any` admits everything. */
    readonly strictChecks: readonly string[];
  };
  readonly ports: {
    readonly dynamic: PortRange;
    readonly exceptions: readonly PortException[];
  };
  readonly routes: {
    /** How long a router outlives its last server, answering 503. */
    readonly zeroInstanceGraceMs: number;
  };
  readonly guard: {
    /** A removal is held if it takes more than this many routers … */
    readonly removalCount: number;
    /** … and more than this share of them; or the last one. */
    readonly removalShare: number;
    /** A held removal ends after this time if a consistent read has confirmed it. */
    readonly confirmAfterMs: number;
    /** After the catalog's index fell back every removal is held for this time. */
    readonly resetHoldMs: number;
  };
}
