import type { NomadTask } from "../catalog/nomad-task.ts";

/** What each diagnostic means. The key is stable and public; the wording of a message is not. docs/diagnostics.md is made from this. */
export const DIAGNOSTIC_CODES = {
  TAG_UNPARSABLE: {
    severity: "error",
    doc: "a tag's key breaks the grammar (empty part, stray bracket); the instance is not routed",
  },
  TAG_UNKNOWN_KEY: {
    severity: "error",
    doc: "a tag names a field that the chosen Traefik version does not have; the instance is not routed",
  },
  TAG_BAD_VALUE: { severity: "error", doc: "a tag's value does not fit its field's type; the instance is not routed" },
  TAG_UNSUPPORTED: {
    severity: "error",
    doc: "a tag asks for something that this version of portolan does not translate; the instance is not routed",
  },
  REGISTRATION_TOO_LARGE: {
    severity: "error",
    doc: "an instance has more than 1,000 tags, or takes more than 256 KiB with tags, names, metadata and checks; it is not routed",
  },
  NAME_TOO_LONG: {
    severity: "error",
    doc: "the name that a router or service would have in the file is longer than Traefik's parser reads, which would refuse the whole file; it is dropped, and whatever refers to it",
  },
  FINDINGS_CUT: {
    severity: "warning",
    doc: "more than 20 things are wrong with one instance; the others are only counted",
  },
  INSTANCE_NO_ADDRESS: {
    severity: "error",
    doc: "neither the service nor its node has an address, or not the one that a tag names; the instance has no server, and what refers to its services is dropped",
  },
  INSTANCE_NO_PORT: {
    severity: "error",
    doc: "a service is registered without a port, or with port 0, and no tag names one; the service is dropped, and whatever refers to it",
  },
  INSTANCE_NO_LOAD_BALANCER: {
    severity: "error",
    doc: "a service defined by tags has no load balancer; it is dropped, and whatever refers to it",
  },
  PORT_OUTSIDE_WINDOW: {
    severity: "error",
    doc: "the port of a backend, of a `forwardAuth.address` or of a rate limit's Redis is neither dynamic nor declared; the service or middleware is dropped, and whatever refers to it",
  },
  PORT_WITHHELD: {
    severity: "error",
    doc: "the ledger says that the port of a backend, of a `forwardAuth.address` or of a rate limit's Redis is never exposed, or internal to its owner; the service or middleware is dropped, and whatever refers to it",
  },
  PORT_SQUATTED: {
    severity: "warning",
    doc: "the instance holds a port that the ledger declares for another service; it is not refused for that",
  },
  PORT_CONFLICT: {
    severity: "warning",
    doc: "beside the owner or another service the instance holds a declared port of one address, where only one can answer; it is not refused for that",
  },
  PORT_CLOSED_TO_INGRESS: {
    severity: "warning",
    doc: "a route leads to a port whose `from` in the ledger leaves out the load balancer, so that a firewall by this ledger drops its requests; it is not refused for that",
  },
  ROUTER_NO_RULE: {
    severity: "error",
    doc: "a router has no rule and the default rule gives none; the router is dropped",
  },
  RULE_TEMPLATE_FAILED: {
    severity: "error",
    doc: "the default rule's template fails for this service; the router is dropped",
  },
  ROUTER_AMBIGUOUS_SERVICE: {
    severity: "error",
    doc: "a router names no service and the instance defines several; the router is dropped",
  },
  RULE_SYNTAX: {
    severity: "error",
    doc: "a router's rule is none that Traefik can parse; the router is dropped",
  },
  RULE_OLD_SYNTAX: {
    severity: "warning",
    doc: "a router's rule is one of Traefik v2 that Traefik v3 loads and that matches nothing; it is routed as it is",
  },
  HOSTSNI_WITHOUT_TLS: {
    severity: "error",
    doc: "a TCP router asks for a host name, which clients tell with TLS only, and has no TLS; the router is dropped",
  },
  PRIORITY_OUT_OF_RANGE: {
    severity: "error",
    doc: "a router's priority is one of those that Traefik keeps for itself; the router is dropped",
  },
  ENTRYPOINT_MISSING: {
    severity: "error",
    doc: "a router names only entry points that the settings do not declare; the router is dropped",
  },
  ENTRYPOINT_UNKNOWN: {
    severity: "warning",
    doc: "a router names an entry point that the settings do not declare; it is routed at the others it names",
  },
  TYPE_AMBIGUOUS: {
    severity: "error",
    doc: "a service or middleware is of several types at once; it is dropped, and whatever refers to it",
  },
  TYPE_MISSING: {
    severity: "error",
    doc: "a service or middleware is of no type; it is dropped, and whatever refers to it",
  },
  SERVER_URL_INVALID: {
    severity: "error",
    doc: "Traefik cannot parse a server's URL; the service is dropped, and whatever refers to it",
  },
  VALUE_MISSING: {
    severity: "error",
    doc: "a middleware lacks a value without which Traefik disables it; it is dropped, and whatever refers to it",
  },
  NAME_OF_PROVIDER: {
    severity: "error",
    doc: "a tag defines a router, service or middleware with `@` in its name, which separates a name from its provider; it is dropped, and whatever refers to it",
  },
  NAME_EMPTY: {
    severity: "error",
    doc: "a service's name has no letter and no digit to make a default name from; its default service and router are dropped",
  },
  VALUE_UNKNOWN: {
    severity: "error",
    doc: "a field has none of the few values that Traefik allows there; what has the field is dropped",
  },
  VALUE_OUT_OF_BOUNDS: {
    severity: "error",
    doc: "by a value a tag asks Traefik for more memory or work than a tag may (attempts of a `retry`, bodies held in memory, a check every millisecond, a password's hash of days); what has the field is dropped, and whatever refers to it",
  },
  BUDGET_EXCEEDED: {
    severity: "error",
    doc: "a router or middleware would take more memory or work than one router, one service or all services together may: by regular expressions, by chains that unfold, by attempts that multiply; it is dropped, and whatever refers to it",
  },
  REFERENCE_CIRCULAR: {
    severity: "error",
    doc: "a middleware or service leads back to itself; it is dropped, and whatever refers to it",
  },
  VALUE_IGNORED: {
    severity: "warning",
    doc: "Traefik ignores a value; what has it is routed, but not as its owner meant",
  },
  TAG_IGNORED: {
    severity: "warning",
    doc: "Traefik reads nothing from a tag (no `=`, a prefix that is misspelt or in another case, a key of Traefik v1); the instance is routed without it",
  },
  VALUE_UNEXPANDED: {
    severity: "warning",
    doc: "a tag's value has a variable in `$` and braces, or a password's hash has `$$`, which only other tools would have replaced; the instance is routed with the value as it is",
  },
  SERVICE_NOT_ENABLED: {
    severity: "info",
    doc: "a service has tags for Traefik, and none of its instances says `traefik.enable=true`; it is not routed",
  },
  SERVED_UNHEALTHY: {
    severity: "warning",
    doc: "an unhealthy instance serves, because no other of its service does and `backends.failOpen` is on",
  },
  INSTANCE_PENDING: {
    severity: "info",
    doc: "an instance that Nomad registered gets no traffic yet: a check, its tasks or its deployment are not ready (`nomad.health`)",
  },
  INSTANCE_UNFIT: {
    severity: "warning",
    doc: "an instance that Nomad registered, and whose deployment has never found it healthy, gets no traffic: a check fails, its tasks have ended, or its deployment has found it unhealthy (`nomad.health`)",
  },
  SERVICE_FLAPPING: {
    severity: "warning",
    doc: "a service brings something new again and again; that is published now and then only (`routes.flapping`)",
  },
  DEFINITION_SUPERSEDED: {
    severity: "info",
    doc: "instances of one service disagree (a rolling deploy); the newest healthy definition is used",
  },
  CANARY_LEFT_OUT: {
    severity: "warning",
    doc: "a canary defines a router, service or middleware differently from the healthy stable instances of its service; the stable definition counts, and the canary's is left out until it has a name of its own or is promoted",
  },
  NAME_TAKEN: {
    severity: "error",
    doc: "another service, or the operator, already owns this router, service or middleware name, be it in a file beside the chart; the later claim is dropped",
  },
  HOST_TAKEN: {
    severity: "error",
    doc: "a router asks for a host that belongs to another service, or for all that another one has at an entry point; it is dropped. The remedy prints the lines of a policy that let it in, where there are any",
  },
  SHADOWS_OWNED_HOST: {
    severity: "error",
    doc: "a router would take requests to a host from the service that owns it, by a wider rule or a higher priority; it is dropped",
  },
  HOST_SHADOWED: {
    severity: "warning",
    doc: "an older router with a wider rule and a higher priority gets requests that this one asks for; both are routed as they are",
  },
  HOST_TLS_TAKEN: {
    severity: "error",
    doc: "a router names a host of another party that it does not ask for (negated, out of reach, or in `tls.domains`), or asks for one of the operator's with other TLS options: Traefik would take its TLS settings for that host; it is dropped",
  },
  CLAIM_CONTESTED: {
    severity: "info",
    doc: "another service, or another portolan's chart, asked for what this one has, and did not get it; this one is untouched",
  },
  OPERATOR_ONLY: {
    severity: "error",
    doc: "a tag asks for what is about Traefik itself: its API and dashboard, its own entry point, the default certificate; the router or store is dropped",
  },
  BACKEND_REFUSED: {
    severity: "error",
    doc: "a backend, a `forwardAuth` or a rate limit's Redis has an address that it must not have: cloud metadata, link-local, or outside the declared networks; or the Redis is a cluster, which could lead anywhere; the service or middleware is dropped, and whatever refers to it. The remedy prints the lines that let it in, where there are any",
  },
  HEALTH_CHECK_REFUSED: {
    severity: "warning",
    doc: "a health check of Traefik's would ask more than GET or HEAD of the instance itself, or a port that another service has; it is left out, and the service is routed without. Redirects are not followed. The remedy prints the lines of `allow` that open it, where there are any",
  },
  DEFAULTS_KEPT: {
    severity: "warning",
    doc: "a tag asks that the default middlewares do not stand before a router, and the settings do not open that to its service (`allow`: `withoutDefaultMiddlewares`); it is routed with them. The remedy prints the lines that open it",
  },
  DEFAULTS_BYPASSED: {
    severity: "error",
    doc: "a TCP router listens where default middlewares stand before routers of HTTP, which its visitors would not meet, and the settings do not open that (`allow`: `withoutDefaultMiddlewares`); it is dropped. The remedy prints the lines that open it",
  },
  POLICY_REFUSED: {
    severity: "error",
    doc: "the policy does not allow a router or middleware, or says nothing of the service; it is dropped, and what relies on it",
  },
  MIDDLEWARE_REQUIRED: {
    severity: "error",
    doc: "a router is without a middleware that the policy demands of every router to a service (`middlewares.require`), or without the allow-list of a port that the ledger restricts, or of a protocol that has none; it is dropped. The remedy prints the tag to write",
  },
  NAME_CONFLICT: {
    severity: "error",
    doc: "with `compat: traefik`: a name is defined several times and differently, and no service gets it",
  },
  METRICS_REFUSED: {
    severity: "warning",
    doc: "tags (`portolan.metrics`) say that an instance has metrics, and it is no target for Prometheus: a tag is wrong, or names what no tenant may have scraped, such as a port that the ledger declares `never` or for others. Routes are not affected",
  },
  SNIPPET_REFUSED: {
    severity: "error",
    doc: "a file of the snippets folder has a problem; its last good version counts on, or the whole file is left out",
  },
  ADDRESS_UNRESOLVED: {
    severity: "error",
    doc: "a file of the snippets folder names a service of the catalog in place of an address (`catalog://jwt/verify`), and no instance of it may be used: what a middleware guards is refused until there is one, a service answers 503 (by TCP connections are closed, by UDP nothing comes back); where the catalog may hide the service the last address stays",
  },
  ADDRESS_UNHEALTHY: {
    severity: "warning",
    doc: "a file of the snippets folder names a service of the catalog in place of an address, and no instance of it is healthy; the address of one stays in place",
  },
  STATIC_REGISTERED: {
    severity: "info",
    doc: "a fixed address in a file of the snippets folder is registered by a service of the catalog by now; it is routed as the file says. `portolan explain --legacy` has the next step",
  },
  SNIPPET_PORT_WITHHELD: {
    severity: "warning",
    doc: "a snippet or `define` routes to a port that the ledger declares `never` to be exposed or `internal`, or asks one that is `never` (`forwardAuth`, a rate limit's Redis); it is routed all the same",
  },
  NEIGHBOUR_NAME: {
    severity: "warning",
    doc: "the operator defines a name twice: in the settings or a snippet, and in a file that Traefik reads beside the chart; Traefik takes the first by the order of file names",
  },
  NEIGHBOUR_UNREAD: {
    severity: "warning",
    doc: "a file that Traefik reads beside the chart cannot be read: what it defines is unknown, and a service may get the same name",
  },
  NEIGHBOUR_TEMPLATE: {
    severity: "warning",
    doc: "a file that Traefik reads beside the chart is a template; it is not executed, so that names which it makes are unknown",
  },
  REFERENCE_ABSENT: {
    severity: "warning",
    doc: "something refers to a name with `@file` that neither the chart nor a file beside it defines; it is charted, and Traefik leaves it out until a file defines the name",
  },
  DEFINITION_KEPT: {
    severity: "warning",
    doc: "the new definition of a router is wrong; the router goes on as it was last defined for `routes.zeroInstanceGrace`, unless the new definition may have been meant to close it",
  },
  ROUTER_CLOSED: {
    severity: "error",
    doc: "a router that was published lacks something that it refers to; it answers 503 for `routes.zeroInstanceGrace` and 404 after that, and its hosts are kept for it as long as its owner asks for them",
  },
  REFERENCE_REFUSED: {
    severity: "error",
    doc: "a router, service or middleware refers to a service or middleware that was left out, and says why that was; it is dropped, since a router without its middleware would be open",
  },
  USE_REFUSED: {
    severity: "error",
    doc: "a router, service or middleware uses a service, a transport or TLS options that another service, the operator or another provider defines, and that the settings (`allow`: `uses`) do not open to it; it is dropped, and whatever refers to it. The remedy prints the lines that open it",
  },
  REFERENCE_UNKNOWN: {
    severity: "error",
    doc: "a router refers to a service or middleware that is not defined; the router is dropped",
  },
  TRAEFIK_DISABLED: {
    severity: "error",
    doc: "the running Traefik (`traefik.api`) has disabled a router, service or middleware of the chart; the message ends with Traefik's own words",
  },
  TRAEFIK_WARNING: {
    severity: "warning",
    doc: "the running Traefik (`traefik.api`) serves a router of the chart in part only; the message ends with Traefik's own words",
  },
  TRAEFIK_ENTRYPOINT_UNKNOWN: {
    severity: "error",
    doc: "a router names an entry point that the running Traefik (`traefik.api`) does not have; it is served at the others that it names, or disabled where there are none",
  },
  TRAEFIK_RESOLVER_UNKNOWN: {
    severity: "error",
    doc: "a router names a certificate resolver that the running Traefik (`traefik.api`) does not have; visitors get Traefik's default certificate, which no browser trusts",
  },
  TRAEFIK_NOT_TAKEN: {
    severity: "error",
    doc: "the running Traefik (`traefik.api`) has not what the chart says although it has had the time: of all of it, or of one router, service or middleware",
  },
  TRAEFIK_NEWER: {
    severity: "info",
    doc: "the running Traefik (`traefik.api`) is of a newer line than `traefik.version`; tags with its new fields are quarantined",
  },
  TRAEFIK_OLDER: {
    severity: "error",
    doc: "the running Traefik (`traefik.api`) is of an older line than `traefik.version`; one tag with a field that it lacks would make it refuse the whole chart",
  },
  TRAEFIK_ENTRYPOINTS: {
    severity: "warning",
    doc: "the settings declare other entry points, or other default ones, than the running Traefik (`traefik.api`) has",
  },
} as const satisfies Record<string, { readonly severity: "error" | "warning" | "info"; readonly doc: string }>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
export type Severity = "error" | "warning" | "info";

/** The part of a tag that is wrong: a piece of its key, or of its value (all of it, where no piece is named). */
export interface Spot {
  readonly in: "key" | "value";
  readonly text?: string;
  /** Where in the value, in UTF-16 units. */
  readonly offset?: number;
}

/** Who the diagnostic is about; `tag` is the raw tag where one is to blame. */
export interface DiagnosticSubject extends Partial<NomadTask> {
  /** The file or setting of the operator's that is to blame; the other names are empty then. */
  readonly origin?: string;
  /** The catalog's name, where the settings list several. */
  readonly catalog?: string;
  readonly service: string;
  /** Its id in the catalog. */
  readonly instance: string;
  readonly node: string;
  readonly tag?: string;
  readonly spot?: Spot;
}

/** What an operator may write to let in what is refused: a key of the settings, or rules of a policy, as YAML. */
export type Opening =
  | { readonly file: "settings"; readonly lines: string }
  /** Each a rule (`{ service: "web", hosts: ["a.org"] }`), to stand before the others. */
  | { readonly file: "policy"; readonly rules: readonly string[] };

/** Some data is wrong. A value, never thrown: it travels beside the result to the log, the status and `explain`. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly subject: DiagnosticSubject;
  /** What was found and why it is wrong, lowercase, without a full stop. Never the value of a secret field. */
  readonly message: string;
  /** What the owner should change. */
  readonly remedy: string;
  /** What it leaves out of the chart: the name (`http/routers/web`) that the service, by its key, does not get. */
  readonly leavesOut?: { readonly name: string; readonly service: string };
  /** The lines that the remedy ends with, where it ends with some. In a remedy names of services stand before them. */
  readonly opens?: Opening;
}
