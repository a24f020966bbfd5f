import type { Allocation, AllocationHealth } from "./allocation.ts";

/** By what the services that Nomad registers itself count as fit to serve: the setting `nomad.health`. */
export const HEALTH_SOURCES = ["checks", "deployment", "none"] as const;
export type HealthSource = (typeof HEALTH_SOURCES)[number];

/** By what instances count as fit: as the settings want it, and what the token lets be used. */
export interface HealthInUse {
  readonly wanted: HealthSource;
  readonly used: HealthSource;
}

/** One check of an allocation's service, as its client tells the latest result. */
export interface CheckResult {
  readonly service: string;
  readonly name: string;
  /** `success`, `failure` or `pending`. */
  readonly status: string;
}

/**
 * Whether a service of an allocation is fit to serve. By nothing but what Nomad says now, so that all that ask it come to
 * the same; the first line that holds counts:
 *
 * | the allocation | by `checks` | by `deployment` |
 * |---|---|---|
 * | has ended | failed | failed |
 * | is a canary that its deployment found unhealthy | failed | failed |
 * | has checks for the service, and one fails | critical | – |
 * | … one has no result yet | pending | – |
 * | … all succeed | passing | – |
 * | its checks have not been read: it does not run yet | pending | – |
 * | … the deployment found it healthy | passing | – |
 * | … the deployment has not decided, or found it unhealthy | pending | – |
 * | … it belongs to no deployment | unknown | – |
 * | its deployment found it healthy | passing | passing |
 * | … found it unhealthy | failed | failed |
 * | … has not decided | starting, once it runs | pending |
 * | belongs to no deployment, or to one that is over | passing, once it runs | passing, once it runs |
 *
 * @param checks those of the service; undefined where they have not been read
 * @returns undefined where no health is asked for
 */
export function allocationHealth(
  allocation: Pick<Allocation, "clientStatus" | "deployment" | "isCanary">,
  checks: readonly CheckResult[] | undefined,
  by: HealthSource,
): AllocationHealth | undefined {
  if (by === "none") return undefined;
  const { clientStatus, deployment, isCanary } = allocation;
  const isRunning = clientStatus !== "pending";
  const isProven: Pick<AllocationHealth, "wasHealthy"> = deployment === "healthy" ? { wasHealthy: true } : {};
  if (ENDED.includes(clientStatus)) return { status: "failed", by: "tasks", ...isProven };
  if (isCanary && deployment === "unhealthy") {
    return { status: "failed", by: "deployment", ...firstNot("success", checks) };
  }
  if (by === "checks") {
    if (checks === undefined && !isRunning) return { status: "pending", by: "tasks" };
    if (checks === undefined && deployment === "none") return { status: "unknown" };
    if (checks === undefined && !isProven.wasHealthy) return { status: "pending", by: "deployment" };
    if (checks === undefined) return { status: "passing", ...isProven };
    if (checks.length > 0) return { ...byChecks(checks), ...isProven };
  }
  if (deployment === "healthy") return { status: "passing", ...isProven };
  if (deployment === "unhealthy") return { status: "failed", by: "deployment" };
  if (!isRunning) return { status: "pending", by: "tasks" };
  if (deployment === "none") return { status: "passing" };
  return by === "checks" ? { status: "starting" } : { status: "pending", by: "deployment" };
}

/** Has it ended, so that nothing of it can change any more? */
export function hasEnded({ clientStatus }: Pick<Allocation, "clientStatus">): boolean {
  return ENDED.includes(clientStatus);
}

/** Not `unknown`: its client is disconnected, and its tasks may run as before. */
const ENDED = ["complete", "failed", "lost"];

function byChecks(checks: readonly CheckResult[]): AllocationHealth {
  const failing = firstNot(
    "success",
    checks.filter(({ status }) => status !== "pending"),
  );
  if (failing.check !== undefined) return { status: "critical", ...failing };
  const pending = firstNot("success", checks);
  return pending.check === undefined ? { status: "passing" } : { status: "pending", ...pending };
}

function firstNot(status: string, checks: readonly CheckResult[] = []): { readonly check?: string } {
  const found = checks
    .filter((one) => one.status !== status)
    .map(({ name }) => name)
    .sort();
  return found[0] === undefined ? {} : { check: found[0] };
}
