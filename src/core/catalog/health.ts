import type { AllocationHealth } from "./allocation.ts";
import { PRODUCT_RULES } from "./product-rules.ts";
import type { Check, ServiceInstance } from "./snapshot.ts";

export interface Health {
  /**
   * `passing`, `warning`, `critical`, `maintenance`, `no check`, or empty where a check has a status that Consul does not know;
   * what a Nomad says of an allocation: `pending`, `failed`, `stopped`, and `starting`, `unknown` or `draining` where it gives
   * way to others.
   */
  readonly status: string;
  /** The check that decided, where one did. */
  readonly because: Check | undefined;
}

const SEVERITY = ["passing", "warning", "critical"];

/**
 * The health of an instance: what a Nomad says of its allocation, else what the catalog says.
 *
 * @returns undefined where neither tells any, as for a service of Nomad's own without that word
 */
export function toldHealthOf(instance: ServiceInstance): Health | undefined {
  const { allocation } = instance;
  if (allocation?.kind === "of-job") {
    if (allocation.isStopped) return STOPPED;
    if (allocation.health !== undefined) return healthByNomad(allocation.health);
  }
  return catalogHealthOf(instance);
}

/** The same by the catalog alone; undefined where the product tells none. */
export function catalogHealthOf(instance: ServiceInstance): Health | undefined {
  return PRODUCT_RULES[instance.catalog].tellsHealth ? healthByChecks(instance) : undefined;
}

/** The health of an instance; one of which nothing is told counts as passing. */
export function healthOf(instance: ServiceInstance): Health {
  return toldHealthOf(instance) ?? PASSING;
}

const PASSING: Health = { status: "passing", because: undefined };

/**
 * The health over all checks of an instance and of its node, as Consul's client library aggregates it: maintenance before
 * critical before warning; no checks at all means passing; an unknown status wins over everything.
 */
function healthByChecks(instance: ServiceInstance): Health {
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

/** One that gives way to others counts as passing where there are none. */
function healthByNomad({ status, check }: AllocationHealth): Health {
  const because = check === undefined ? undefined : { id: check, name: check, status };
  return { status: status === "starting" || status === "unknown" ? "passing" : status, because };
}

/** The health of an instance whose allocation Nomad wants stopped, whatever its checks say: it gets no traffic for a last moment. */
export const STOPPED: Health = { status: "stopped", because: undefined };

/** Why an instance serves only while no other of its service does; undefined where it is as good as any. */
export function weaknessOf({ catalog, allocation }: ServiceInstance): Weakness | undefined {
  if (allocation?.kind === "untold") return catalog === "nomad" ? "unknown" : undefined;
  if (allocation?.kind !== "of-job") return undefined;
  if (allocation.isLeaving) return "draining";
  const { status } = allocation.health ?? {};
  return status === "starting" || status === "unknown" ? status : undefined;
}

export type Weakness = "starting" | "unknown" | "draining";

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
  if (health === STOPPED) return false;
  return strictChecks.includes("any") || strictChecks.includes(health.status);
}
