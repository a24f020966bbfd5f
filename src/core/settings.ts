import type { AuthEndpoint } from "./ports/auth-endpoint.ts";
import type { Network } from "./ports/ledger/network.ts";
import type { PortSettings } from "./ports/port-settings.ts";
import type { TraefikVersion } from "./traefik/chart/dynamic-config.ts";
import type { RuleSyntax } from "./traefik/rule/syntax.ts";

/** What the core needs to know; `config/` produces it from file, environment and flags. */
export interface CoreSettings {
  /** Of the settings, the policy and the ledger, as far as routes depend on them: equal ids chart alike. */
  readonly id?: string;
  /** The name of the chart that these settings are for. */
  readonly edge: string;
  /** `traefik`: exactly what Traefik's own catalog providers make of a catalog, without anything that protects routes. */
  readonly compat: "none" | "traefik";
  /**
   * What becomes of a name that several catalogs define: one thing if it means the same, or each with its catalog's name.
   * `failover` is `merge` in an order: a service has the servers of the first catalog in which an instance is healthy.
   */
  readonly equalNames: "merge" | "prefix" | "failover";
  /** The names of the catalogs in the order of the settings; empty where there is one without a name. */
  readonly catalogOrder: readonly string[];
  /** A catalog shows several namespaces: each may have services of the same name. */
  readonly hasManyNamespaces: boolean;
  readonly traefik: {
    /** Decides which fields exist. */
    readonly version: TraefikVersion;
    /** How rules are written whose router does not say: Traefik's `core.defaultRuleSyntax`. */
    readonly ruleSyntax: RuleSyntax;
    /** Tags that count start with it. */
    readonly prefix: string;
    /** What a service without a `traefik.enable` tag is. */
    readonly exposedByDefault: boolean;
    readonly defaultRule: CompiledRule;
    /** Names of the entry points of the Traefik that reads the chart; empty where they are not declared. */
    readonly entryPoints: readonly string[];
    /** Those of them that routers get which name none; empty where that is not declared. */
    readonly defaultEntryPoints: readonly string[];
    /** What stands before the middlewares of every router of HTTP that tags define. */
    readonly defaultMiddlewares: DefaultMiddlewares;
    /** Which instances count at all, by their raw tags. */
    readonly constraints: TagFilter;
    /** Health statuses that get traffic, in lower case; `any` admits everything. */
    readonly strictChecks: readonly string[];
  };
  readonly ports: PortSettings;
  /** Servers that middlewares of any service may ask for authentication, on whatever port. */
  readonly authEndpoints: readonly AuthEndpoint[];
  /** What the catalog knows of an instance besides its tags, and whether it counts. */
  readonly backends: {
    /** Where a server's weight comes from if no tag sets it; `none` leaves all servers equal. */
    readonly weights: "none" | "consul";
    /** Name of the tagged address that servers are reached by; an instance without it is reached as usual. */
    readonly address?: string;
    /** Speak h2c to services that say `grpc`. */
    readonly grpc: boolean;
    /** No traffic for an instance that has no check of its own. */
    readonly requireCheck: boolean;
    /** A service without a healthy instance is served by its unhealthy ones. */
    readonly failOpen: boolean;
    /** How long an instance keeps its traffic that turns critical. */
    readonly criticalGraceMs: number;
  };
  readonly routes: {
    /** How long a router outlives its last server, answering 503. */
    readonly zeroInstanceGraceMs: number;
    /** Services whose routers outlast their last instance without an end; names may have `*`. */
    readonly keep: readonly string[];
    /** The operator's service that answers at kept routers without an instance, in place of 503. */
    readonly sleeping?: string;
    readonly flapping: {
      /** A service that brings something new more often than this … */
      readonly perMinute: number;
      /** … gets it published this often. */
      readonly everyMs: number;
    };
  };
  readonly claims: {
    /** How long a host is kept for an owner that has no routed instance, before another service may take it over. */
    readonly keptMs: number;
  };
  /** What services may ask for; absent: whatever belongs to no other service. */
  readonly policy?: Policy;
  /** What is open to some services and closed to all others: every entry that is about an instance counts. */
  readonly allow: readonly Allowance[];
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

/** The chart of the setting `output`; others go by the names that the settings give them. */
export const MAIN_EDGE = "main";

/** The entry point that stands for any. */
export const ANY_ENTRY_POINT = "*";

/**
 * Middlewares by the entry point whose routers they stand before; `*` is any entry point. A name without a provider is a
 * snippet's.
 */
export type DefaultMiddlewares = Readonly<Record<string, readonly string[]>>;

/** Says by the raw tags of an instance whether it counts. */
export interface TagFilter {
  (tags: readonly string[]): boolean;
  /** As the settings spell it. */
  readonly expression?: string;
}

/** What the operator allows services to ask for. */
export interface Policy {
  /** Where backends may be, unless a rule says otherwise; empty: anywhere. */
  readonly networks: readonly Network[];
  /** Servers that middlewares may ask for authentication, beside those of the settings, unless a rule says otherwise. */
  readonly authEndpoints?: readonly AuthEndpoint[];
  /** The first one that matches an instance counts; what none matches gets nothing. */
  readonly rules: readonly PolicyRule[];
}

/** Whom a rule of the policy or an allowance is about: all fields that are given must match; each may have `*`. */
export interface Who {
  readonly service?: string;
  readonly job?: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly datacenter?: string;
}

/** What the operator opens for some services. A policy may still refuse it. */
export interface Allowance extends Who {
  /** Methods of HTTP health checks besides GET and HEAD, in upper case. */
  readonly healthCheckMethods?: readonly string[];
  /** Whether answers may lead Traefik elsewhere, wherever that is: health checks follow redirects, a Redis may be a cluster. */
  readonly redirects?: boolean;
  /** Whether TCP health checks may send bytes. */
  readonly healthCheckSend?: boolean;
  /** Entry points that routers may take as a whole; names may have `*`. */
  readonly entryPoints?: readonly string[];
  /** Whether its routers may be without the default middlewares, which its tags say then, and TCP may go past them. */
  readonly withoutDefaultMiddlewares?: boolean;
  /** Services, load balancers, transports and TLS options outside its own, as tags name them; names may have `*`. */
  readonly uses?: readonly string[];
}

/** Names, hosts and the like may have `*`. What is undefined is not limited; an empty list allows nothing. */
export interface PolicyRule extends Who {
  /** How messages call it. */
  readonly name: string;
  readonly protocols?: readonly string[];
  /** In lower case; `*.example.org` is every host below example.org. */
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly entryPoints?: readonly string[];
  readonly tcpEntryPoints?: readonly string[];
  readonly udpEntryPoints?: readonly string[];
  readonly middlewares?: {
    readonly define?: readonly string[];
    readonly use?: readonly string[];
    /** What each router that leads to the service must have, without `*`; it may use them besides. */
    readonly require?: readonly string[];
  };
  /** The charts that it may be in, by their names. */
  readonly edge?: readonly string[];
  readonly maxPriority?: number;
  /** Services of Traefik's that it may use besides those it defines itself, with their provider. */
  readonly services?: readonly string[];
  /** Transports that its services may name. */
  readonly serversTransports?: readonly string[];
  readonly tlsOptions?: readonly string[];
  readonly certResolvers?: readonly string[];
  readonly plugins?: readonly string[];
  readonly backends?: readonly Network[];
  /** In place of those of the policy and the settings. */
  readonly authEndpoints?: readonly AuthEndpoint[];
}

/** What the template sees, each key as a field: Traefik's `.Name` and `.Labels`, and what portolan adds. */
export interface RuleData {
  /** The service's name as registered. */
  readonly Name: string;
  /** The tags' values under their keys, which start with `traefik.` whatever the prefix is. */
  readonly Labels: ReadonlyMap<string, string>;
  readonly Node: string;
  readonly Datacenter: string;
  /** Empty where the catalog has no namespaces. */
  readonly Namespace: string;
  /** The service's own, else its node's. */
  readonly Address: string;
  readonly Port: number;
  /** As registered. */
  readonly Tags: readonly string[];
  /** The registration's free texts by key. */
  readonly Meta: ReadonlyMap<string, string>;
  /** The registration's other addresses by name, such as `lan` or `wan`. */
  readonly TaggedAddresses: ReadonlyMap<string, string>;
}

/** The rule of a service; an empty one means no router, and so does a failure, as in Traefik. */
export type RenderedRule =
  | { readonly kind: "rendered"; readonly rule: string }
  | { readonly kind: "failed"; readonly message: string };

export type CompiledRule = (data: RuleData) => RenderedRule;
