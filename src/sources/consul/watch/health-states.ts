import { followBlockingQuery } from "../../blocking-query.ts";
import type { SliceStore } from "../../slice-store.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { ConsulClient, HealthState } from "../client.ts";
import type { UnhealthyCheck } from "../decode.ts";

export interface HealthChange {
  /** Services with a check that entered or left the state. */
  readonly services: ReadonlySet<string>;
  /** Nodes with a check of their own that did: all their services are concerned. */
  readonly nodes: ReadonlySet<string>;
}

/**
 * The filtered query wakes on every write of any check, and each time Consul goes through all checks for it. The precise
 * ones wake on checks that enter or leave their state, unless the state is empty: then they wake on every write, both.
 */
const MOST_INSTANCES_FILTERED = 1_000;

/**
 * Follows the checks that do not pass: they are few and explain every change of health. In a small catalog by one long
 * poll, in a large one by a poll for each state.
 */
export async function watchHealthStates(
  context: WatchContext<ConsulClient>,
  changed: (change: HealthChange) => void,
  signal: AbortSignal,
): Promise<void> {
  const states: readonly HealthState[] =
    (context.store.slice()?.instances.length ?? 0) <= MOST_INSTANCES_FILTERED ? ["unhealthy"] : ["critical", "warning"];
  await Promise.all(states.map((state) => watchState(context, state, changed, signal)));
}

async function watchState(
  context: WatchContext<ConsulClient>,
  state: HealthState,
  changed: (change: HealthChange) => void,
  signal: AbortSignal,
): Promise<void> {
  const target = `/v1/health/state/${state === "unhealthy" ? "any" : state}`;
  let known = checksAsRead(context.store, state);
  await followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => context.client.checks(state, { index, consistency: "stale", signal: s }),
      answered: (checks) => {
        context.succeeded(target);
        const next = new Map(checks.map((check) => [checkKey(check), check]));
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
function checksAsRead(store: SliceStore, state: HealthState): ReadonlyMap<string, CheckOwner> {
  const checks = new Map<string, CheckOwner>();
  for (const service of store.services()) {
    for (const instance of store.instancesOf(service)) {
      const { node, id: serviceId } = instance;
      for (const { id: checkId, status } of instance.checks) {
        if (state === "unhealthy" ? status === "passing" : status !== state) continue;
        checks.set(checkKey({ node, serviceId, checkId, status }), { node, serviceName: service });
      }
    }
  }
  return checks;
}

/** With its status: a check that goes from warning to critical leaves one place and enters another. */
function checkKey({ node, serviceId, checkId, status }: Omit<UnhealthyCheck, "serviceName">): string {
  return [node, serviceId, checkId, status].join("\n");
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
