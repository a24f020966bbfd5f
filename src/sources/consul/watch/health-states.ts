import { followBlockingQuery } from "../../blocking-query.ts";
import type { UnhealthyCheck } from "../decode.ts";
import type { WatchContext } from "./watch.ts";

export interface HealthChange {
  /** Services with a check that entered or left the state. */
  readonly services: ReadonlySet<string>;
  /** Nodes with a check of their own that did: all their services are concerned. */
  readonly nodes: ReadonlySet<string>;
}

/**
 * Two long polls, for the critical and the warning checks. They are tiny and explain every change of health: a check
 * passes exactly when it stands in neither.
 */
export async function watchHealthStates(
  context: WatchContext,
  changed: (change: HealthChange) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all((["critical", "warning"] as const).map((state) => watchState(context, state, changed, signal)));
}

async function watchState(
  context: WatchContext,
  state: "critical" | "warning",
  changed: (change: HealthChange) => void,
  signal: AbortSignal,
): Promise<void> {
  const target = `/v1/health/state/${state}`;
  let known: ReadonlyMap<string, UnhealthyCheck> = new Map();
  await followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => context.client.checks(state, { index, consistency: "stale", signal: s }),
      answered: (checks) => {
        context.succeeded(target);
        const next = new Map(checks.map((check) => [`${check.node}\n${check.serviceId}\n${check.checkId}`, check]));
        const change = difference(known, next);
        known = next;
        if (change.services.size > 0 || change.nodes.size > 0) changed(change);
      },
      failed: (error, retryInMs) => context.failed(error, target, retryInMs),
      untilWorthTrying: context.untilWorthTrying,
    },
    context,
    signal,
  );
}

function difference(
  before: ReadonlyMap<string, UnhealthyCheck>,
  after: ReadonlyMap<string, UnhealthyCheck>,
): HealthChange {
  const services = new Set<string>();
  const nodes = new Set<string>();
  for (const [one, other] of [
    [before, after],
    [after, before],
  ] as const) {
    for (const [key, check] of one) {
      if (other.has(key)) continue;
      if (check.serviceName === "") nodes.add(check.node);
      else services.add(check.serviceName);
    }
  }
  return { services, nodes };
}
