import type { DiagnosticCode } from "../../diagnostics/diagnostics.ts";

/**
 * The stages at which a route can end, in the order of the pass. What a pass decides first is told first.
 *
 * | stage | asks |
 * |---|---|
 * | `catalog` | was the catalog read, and does it show the service |
 * | `damping` | does the service flap, so that what is new of it waits |
 * | `exposure` | does the instance ask for routes, and do the settings count it |
 * | `health` | is it fit to serve |
 * | `tags` | can its tags be read |
 * | `port` | may its port be a backend |
 * | `policy` | may it have what it asks for |
 * | `turn` | is it its turn, or that of others of its service |
 * | `name` | whose name is it |
 * | `references` | is there what it refers to |
 * | `budget` | does it cost more than it may |
 * | `host` | whose host is it |
 * | `borrowing` | may it use what it uses of others |
 * | `chart` | is it in the chart, held, kept or on its way out |
 * | `traefik` | what does Traefik make of it |
 */
export const STAGES = [
  "catalog",
  "damping",
  "exposure",
  "health",
  "tags",
  "port",
  "policy",
  "turn",
  "name",
  "references",
  "budget",
  "host",
  "borrowing",
  "chart",
  "traefik",
] as const;
export type Stage = (typeof STAGES)[number];

/** Which of two stages comes first. */
export function byStage(one: { readonly stage: Stage }, other: { readonly stage: Stage }): number {
  return STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage);
}

/** At which stage each thing is found. */
const STAGE_OF: Readonly<Record<DiagnosticCode, Stage>> = {
  SERVICE_FLAPPING: "damping",
  SERVICE_NOT_ENABLED: "exposure",
  REGISTRATION_TOO_LARGE: "exposure",
  INSTANCE_PENDING: "health",
  INSTANCE_UNFIT: "health",
  SERVED_UNHEALTHY: "health",
  TAG_UNPARSABLE: "tags",
  TAG_UNKNOWN_KEY: "tags",
  TAG_BAD_VALUE: "tags",
  TAG_UNSUPPORTED: "tags",
  TAG_IGNORED: "tags",
  VALUE_UNEXPANDED: "tags",
  NAME_TOO_LONG: "tags",
  NAME_OF_PROVIDER: "tags",
  NAME_EMPTY: "tags",
  FINDINGS_CUT: "tags",
  INSTANCE_NO_LOAD_BALANCER: "tags",
  ROUTER_NO_RULE: "tags",
  RULE_TEMPLATE_FAILED: "tags",
  ROUTER_AMBIGUOUS_SERVICE: "tags",
  RULE_SYNTAX: "tags",
  RULE_OLD_SYNTAX: "tags",
  HOSTSNI_WITHOUT_TLS: "tags",
  PRIORITY_OUT_OF_RANGE: "tags",
  ENTRYPOINT_MISSING: "tags",
  ENTRYPOINT_UNKNOWN: "tags",
  TYPE_AMBIGUOUS: "tags",
  TYPE_MISSING: "tags",
  SERVER_URL_INVALID: "tags",
  VALUE_MISSING: "tags",
  VALUE_UNKNOWN: "tags",
  VALUE_OUT_OF_BOUNDS: "tags",
  VALUE_IGNORED: "tags",
  INSTANCE_NO_ADDRESS: "port",
  INSTANCE_NO_PORT: "port",
  PORT_OUTSIDE_WINDOW: "port",
  PORT_WITHHELD: "port",
  PORT_SQUATTED: "port",
  PORT_CONFLICT: "port",
  PORT_CLOSED_TO_INGRESS: "port",
  BACKEND_REFUSED: "policy",
  OPERATOR_ONLY: "policy",
  POLICY_REFUSED: "policy",
  MIDDLEWARE_REQUIRED: "policy",
  HEALTH_CHECK_REFUSED: "policy",
  DEFAULTS_BYPASSED: "policy",
  DEFAULTS_KEPT: "policy",
  CANARY_LEFT_OUT: "turn",
  DEFINITION_SUPERSEDED: "turn",
  NAME_TAKEN: "name",
  NAME_CONFLICT: "name",
  NEIGHBOUR_NAME: "name",
  NEIGHBOUR_UNREAD: "name",
  NEIGHBOUR_TEMPLATE: "name",
  SNIPPET_REFUSED: "name",
  STATIC_REGISTERED: "catalog",
  SNIPPET_PORT_WITHHELD: "port",
  ADDRESS_UNRESOLVED: "catalog",
  ADDRESS_UNHEALTHY: "health",
  REFERENCE_REFUSED: "references",
  REFERENCE_UNKNOWN: "references",
  REFERENCE_CIRCULAR: "references",
  REFERENCE_ABSENT: "references",
  ROUTER_CLOSED: "references",
  DEFINITION_KEPT: "chart",
  BUDGET_EXCEEDED: "budget",
  HOST_TAKEN: "host",
  SHADOWS_OWNED_HOST: "host",
  HOST_SHADOWED: "host",
  HOST_TLS_TAKEN: "host",
  CLAIM_CONTESTED: "host",
  USE_REFUSED: "borrowing",
  TRAEFIK_DISABLED: "traefik",
  TRAEFIK_WARNING: "traefik",
  TRAEFIK_ENTRYPOINT_UNKNOWN: "traefik",
  TRAEFIK_RESOLVER_UNKNOWN: "traefik",
  METRICS_REFUSED: "chart",
  TRAEFIK_NOT_TAKEN: "traefik",
  TRAEFIK_NEWER: "traefik",
  TRAEFIK_OLDER: "traefik",
  TRAEFIK_ENTRYPOINTS: "traefik",
};

export function stageOf(code: DiagnosticCode): Stage {
  return STAGE_OF[code];
}
