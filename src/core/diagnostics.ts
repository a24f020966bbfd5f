/** What each diagnostic means. The key is stable and public; the wording of a message is not. docs/diagnostics.md is made from this. */
export const DIAGNOSTIC_CODES = {
  TAG_UNPARSABLE: {
    severity: "error",
    doc: "a tag's key breaks the grammar (empty part, stray bracket, `@` in a name); the instance is not routed",
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
  INSTANCE_NO_ADDRESS: {
    severity: "error",
    doc: "neither the service nor its node has an address; the instance is not routed",
  },
  INSTANCE_NO_LOAD_BALANCER: {
    severity: "error",
    doc: "a service defined by tags has no load balancer; the instance is not routed",
  },
  PORT_OUTSIDE_WINDOW: {
    severity: "error",
    doc: "the backend's port is neither dynamic nor a declared exception; the instance is not routed",
  },
  ROUTER_NO_RULE: {
    severity: "error",
    doc: "a router has no rule and the default rule gives none; the router is dropped",
  },
  ROUTER_AMBIGUOUS_SERVICE: {
    severity: "error",
    doc: "a router names no service and the instance defines several; the router is dropped",
  },
  DEFINITION_SUPERSEDED: {
    severity: "info",
    doc: "instances of one service disagree (a rolling deploy); the newest healthy definition is used",
  },
  NAME_TAKEN: {
    severity: "error",
    doc: "another service already owns this router, service or middleware name; the later claim is dropped",
  },
  REFERENCE_UNKNOWN: {
    severity: "error",
    doc: "a router refers to a service or middleware that nobody defines; the router is dropped",
  },
} as const satisfies Record<string, { readonly severity: "error" | "warning" | "info"; readonly doc: string }>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
export type Severity = "error" | "warning" | "info";

/** Who the diagnostic is about; `tag` is the raw tag where one is to blame. */
export interface DiagnosticSubject {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly tag?: string;
}

/** Some data is wrong. A value, never thrown: it travels beside the result to the log, the status and `explain`. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly subject: DiagnosticSubject;
  /** What was found and why it is wrong, lowercase, without a full stop. Never the value of a secret field. */
  readonly message: string;
  /** What the owner should change. */
  readonly remedy: string;
}
