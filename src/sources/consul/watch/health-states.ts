import type { Clock } from "../../../base/clock.ts";
import type { SnapshotStore } from "../../catalog/snapshot-store.ts";
import { followBlockingQuery } from "../../polling/blocking-query.ts";
import type { ChangedServices } from "../../watch/changed-services.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { ConsulClient, HealthState } from "../client.ts";
import type { UnhealthyCheck } from "../decode.ts";
import { servicesOn } from "./services-on.ts";

interface HealthChange {
  /** Services with a check that entered or left the state. */
  readonly services: ReadonlySet<string>;
  /** Nodes with a check of their own that did: all their services are concerned. */
  readonly nodes: ReadonlySet<string>;
}

/** So many answers a minute without news are what checks that write all the time look like. */
const IDLE_ANSWERS_A_MINUTE = 60;
const MINUTE_MS = 60_000;
/** After so long the catalog may have become quiet again. */
const PRECISE_FOR_MS = 600_000;

/**
 * Follows the checks that do not pass, and marks the watched services that a change concerns: such checks are few and
 * explain every change of health. By one long poll for all of them, which wakes on every write of any check and makes
 * Consul go through all checks each time. Where checks write all the time without changing, by one for each state: these
 * wake on checks that enter or leave, unless the state is empty; then they wake on every write too, so that in a quiet
 * catalog the pair would cost twice as much.
 */
export async function watchHealthStates(
  context: WatchContext<ConsulClient>,
  changed: Pick<ChangedServices, "mark" | "underWay">,
  signal: AbortSignal,
): Promise<void> {
  let known = checksAsRead(context.store);
  while (!signal.aborted) {
    const noisy = new AbortController();
    const idle = createIdleCount(context.clock, () => noisy.abort());
    known = await watchState(context, "unhealthy", { known, idle, changed }, AbortSignal.any([signal, noisy.signal]));
    const enough = new AbortController();
    const precise = AbortSignal.any([signal, enough.signal]);
    const began = known;
    const [critical, warning] = await Promise.all([
      watchState(context, "critical", { known: inState(began, "critical"), changed }, precise),
      watchState(context, "warning", { known: inState(began, "warning"), changed }, precise),
      context.clock.sleep(PRECISE_FOR_MS, signal).then(() => enough.abort()),
    ]);
    known = new Map([...critical, ...warning]);
  }
}

/** Counts answers without news; calls back when they have been many within a minute. */
function createIdleCount(clock: Clock, tooMany: () => void): () => void {
  let count = 0;
  let sinceMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs - sinceMs > MINUTE_MS) {
      count = 0;
      sinceMs = nowMs;
    }
    count += 1;
    if (count > IDLE_ANSWERS_A_MINUTE) tooMany();
  };
}

async function watchState(
  context: WatchContext<ConsulClient>,
  state: HealthState,
  { known: before, idle, changed }: Following,
  signal: AbortSignal,
): Promise<Checks> {
  const target = `/v1/health/state/${state === "unhealthy" ? "any" : state}`;
  let known = before;
  await followBlockingQuery(
    {
      startIndex: 0n,
      fetch: (index, s) => context.client.checks(state, { index, consistency: "stale", signal: s }),
      answered: (checks) => {
        context.succeeded(target);
        const next = new Map(checks.map((check) => [checkKey(check), check]));
        const change = difference(known, next);
        known = next;
        if (change.services.size > 0 || change.nodes.size > 0)
          changed.mark(servicesConcerned(change, context.store, changed.underWay));
        else idle?.();
      },
      failed: (error, retryInMs) => context.failed(error, target, retryInMs),
      untilWorthTrying: context.untilWorthTrying,
    },
    context,
    signal,
  );
  return known;
}

type CheckOwner = Pick<UnhealthyCheck, "node" | "serviceName">;

/** The checks that do not pass, by their keys. */
type Checks = ReadonlyMap<string, CheckOwner>;

interface Following {
  /**
   * What the first answer is compared with: the complete read that watching began with, not nothing, since an instance
   * begins as critical, and one that passed between that read and this answer would stay critical here until its next
   * change. After a change of queries, what the last ones knew: their reads may still be under way.
   */
  readonly known: Checks;
  /** An answer without news. */
  idle?(): void;
  readonly changed: Pick<ChangedServices, "mark" | "underWay">;
}

function servicesConcerned(
  { services, nodes }: HealthChange,
  store: SnapshotStore,
  underWay: ReadonlySet<string>,
): ReadonlySet<string> {
  const watched = [...services].filter((service) => store.has(service) || underWay.has(service));
  return new Set([...watched, ...servicesOn(nodes, store, underWay)]);
}

function checksAsRead(store: SnapshotStore): Checks {
  const checks = new Map<string, CheckOwner>();
  for (const service of store.services()) {
    for (const { node, id: serviceId, checks: own } of store.instancesOf(service)) {
      for (const { id: checkId, status } of own) {
        if (status === "passing") continue;
        checks.set(checkKey({ node, serviceId, checkId, status }), { node, serviceName: service });
      }
    }
  }
  return checks;
}

function inState(checks: Checks, state: HealthState): Checks {
  return new Map([...checks].filter(([key]) => key.endsWith(`\n${state}`)));
}

/** With its status: a check that goes from warning to critical leaves one place and enters another. */
function checkKey({ node, serviceId, checkId, status }: Omit<UnhealthyCheck, "serviceName">): string {
  return [node, serviceId, checkId, status].join("\n");
}

function difference(before: Checks, after: Checks): HealthChange {
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
