import { count } from "../../base/count.ts";
import { whyNotTaken } from "../../core/traefik-result/diagnose-taking.ts";
import type { TraefikReport } from "../observer.ts";

/** What is told of Traefik, and whether the chart reaches it. */
export interface TraefikReadiness {
  readonly isReached: boolean;
  readonly reasons: readonly string[];
}

/**
 * A Traefik that takes nothing of the chart, or nothing new of it, serves what is no longer so: not ready. What it has disabled
 * is told, and the chart stays ready: one service's router must not take the whole edge out of a load balancer. Nor does an API
 * that cannot be read: visitors are served all the same.
 */
export function traefikReadiness(report: TraefikReport | undefined, output: string): TraefikReadiness {
  if (report === undefined) return { isReached: true, reasons: [] };
  const { result, unread } = report;
  const reasons: string[] = [];
  if (unread !== undefined) reasons.push(`what Traefik makes of the chart is not known: ${unread.message}`);
  if (result === undefined) return { isReached: true, reasons };
  const untaken = whyNotTaken({ result, output });
  if (untaken !== undefined) {
    const { has, cause, remedy } = untaken;
    reasons.unshift(`Traefik ${result.traefik.version} ${has}: ${cause}; ${remedy}`);
  }
  const disabled = [...result.flaws.values()].filter(
    (flaw) => flaw.kind === "refused" && flaw.status === "disabled",
  ).length;
  if (disabled > 0) {
    const what = count(disabled, "router, service or middleware", "routers, services and middlewares");
    reasons.push(`Traefik has disabled ${what} of the chart; the diagnostics say why`);
  }
  // While the API cannot be read nothing is known: what it said last must not keep a node out of service.
  return { isReached: untaken === undefined || unread !== undefined, reasons };
}
