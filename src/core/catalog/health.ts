import type { Check, ServiceInstance } from "./snapshot.ts";

export interface Health {
  /** `passing`, `warning`, `critical`, `maintenance`, `no check`, or empty where a check has a status that Consul does not know. */
  readonly status: string;
  /** The check that decided, where one did. */
  readonly because: Check | undefined;
}

const SEVERITY = ["passing", "warning", "critical"];

/**
 * The health of an instance over all checks of its own and of its node, as Consul's client library aggregates it:
 * maintenance before critical before warning; no checks at all means passing; an unknown status wins over everything.
 */
export function healthOf(instance: ServiceInstance): Health {
  let worst: Check | undefined;
  let maintenance: Check | undefined;
  for (const check of instance.checks) {
    if (isMaintenance(check)) {
      maintenance ??= check;
      continue;
    }
    const severity = SEVERITY.indexOf(check.status);
    if (severity < 0) return { status: "", because: check };
    if (severity > SEVERITY.indexOf(worst?.status ?? "passing")) worst = check;
  }
  if (maintenance !== undefined) return { status: "maintenance", because: maintenance };
  return { status: worst?.status ?? "passing", because: worst };
}

/** The health of an instance that `backends.requireCheck` keeps out. */
export const UNCHECKED: Health = { status: "no check", because: undefined };

/** Has the instance a check of its own? Its node's checks say nothing of it, nor does a note of maintenance. */
export function isChecked({ checks }: Pick<ServiceInstance, "checks">): boolean {
  return checks.some((check) => check.ofNode !== true && !isMaintenance(check));
}

function isMaintenance({ id }: Check): boolean {
  return id === "_node_maintenance" || id.startsWith("_service_maintenance:");
}

/** Does this health get traffic? `any` admits everything; names are compared without regard to case. */
export function isServed(health: Health, strictChecks: readonly string[]): boolean {
  return strictChecks.includes("any") || strictChecks.includes(health.status);
}
