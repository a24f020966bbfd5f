import { followBlockingQuery } from "../../blocking-query.ts";
import type { SliceStore } from "../../slice-store.ts";
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
  let known = checksAsRead(context.store, state);
  await followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => context.client.checks(state, { index, consistency: "stale", signal: s }),
      answered: (checks) => {
        context.succeeded(target);
        const next = new Map(checks.map((check) => [checkKey(check.node, check.serviceId, check.checkId), check]));
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

type CheckOwner = Pick<UnhealthyCheck, "node" | "serviceName">;

/**
 * The first answer is compared with the complete read that watching began with, not with nothing: an instance begins as
 * critical, and one that passed between that read and this answer would stay critical here until its next change.
 */
function checksAsRead(store: SliceStore, state: string): ReadonlyMap<string, CheckOwner> {
  const checks = new Map<string, CheckOwner>();
  for (const service of store.services) {
    for (const instance of store.instancesOf(service)) {
      for (const check of instance.checks) {
        if (check.status !== state) continue;
        checks.set(checkKey(instance.node, instance.id, check.id), { node: instance.node, serviceName: service });
      }
    }
  }
  return checks;
}

function checkKey(node: string, serviceId: string, checkId: string): string {
  return `${node}\n${serviceId}\n${checkId}`;
}

function difference(before: ReadonlyMap<string, CheckOwner>, after: ReadonlyMap<string, CheckOwner>): HealthChange {
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
