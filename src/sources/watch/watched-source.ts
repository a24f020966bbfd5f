import type { Clock } from "../../base/clock.ts";
import { createNotice } from "../../base/notice.ts";
import type { PartialViewReason } from "../../core/catalog/snapshot.ts";
import type { CatalogClient, Consistency } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { createSnapshotStore } from "../catalog/snapshot-store.ts";
import type { CatalogSource, SourceReporter } from "../catalog/source.ts";
import { CONNECTION_LIMIT, type ConnectionBudget } from "../http/connection-budget.ts";
import { retryDelayMs } from "../polling/backoff.ts";
import { createFailingTargets, type Trouble } from "../polling/failing-targets.ts";
import { createReachability } from "../polling/reachability.ts";
import { createRestarts } from "../polling/restarts.ts";
import type { CatalogShape } from "./catalog-shape.ts";
import { type BulkRead, readEverything } from "./full-read.ts";
import { createHiddenServices } from "./hidden-services.ts";
import { resyncNowAndThen } from "./resync.ts";
import type { ServiceHints } from "./service-hints.ts";
import { type Choice, chooseStrategy, forcedStrategy, isOutgrown, type Strategies } from "./strategy.ts";
import type { Visibility } from "./visibility.ts";
import type { WatchContext, WatchStart } from "./watch.ts";

/** A fleet that is started or reloaded at once does not read everything in the same millisecond. */
const START_SPREAD_MS = 100;

export interface WatchedSourceOptions<Client extends CatalogClient> {
  /** Product, address, scope and prefix: what the snapshot belongs to. Holds no secret. */
  readonly source: string;
  readonly client: Client;
  readonly budget: ConnectionBudget;
  /** What the client's answers say of themselves. */
  readonly visibility: Visibility;
  readonly parallelReads: number;
  /** How often everything is read again, beside the watch. */
  readonly resyncMs: number;
  readonly clock: Clock;
  readonly reporter: SourceReporter;
  readonly strategies: Strategies<Client>;
  /** The strategy that the settings ask for; undefined where the source may choose. */
  readonly strategy?: string;
  /** How many nodes the catalog has, where the product tells. */
  countNodes?(signal: AbortSignal): Promise<number>;
  /** Says why a catalog may be empty, where the product can: rejects with a CatalogError. Asked at the first read. */
  explainEmpty?(signal: AbortSignal): Promise<void>;
  /** Where the product hints at changes: another standing may call for another strategy. */
  readonly hints?: ServiceHints;
  /** Reads many services with few requests, where the product can. */
  readonly readInBulk?: BulkRead;
  random(): number;
  /** By the key of a service in the list, and the tags of its instances. */
  isWatched(unionTags: readonly string[], service: string): boolean;
  /** The snapshot is complete for the first time, or differs from before. */
  changed(): void;
}

/** While the catalog hides something nothing wakes us when it shows it again, so it is read again after this. */
const LOOK_AGAIN_MS = 1_000;
/** As a target: a read that a sign is the reason for. */
const LOOK_AGAIN = "complete read for what is hidden";
/** The same while it is but a namespace that is denied, which costs a list. */
const DENIED_LOOK_AGAIN_MS = 5_000;

/** Reads a catalog completely, chooses a strategy by its shape, and watches until aborted. */
export function createWatchedSource<Client extends CatalogClient>(
  options: WatchedSourceOptions<Client>,
): CatalogSource {
  const { client, strategies, budget, clock, random, reporter, isWatched, parallelReads, visibility, readInBulk } =
    options;
  const store = createSnapshotStore(options.source, options.changed);
  const reachability = createReachability(clock, random);
  const failing = createFailingTargets();
  let choice: Pick<Choice<Client>, "reason"> & { readonly name: string } = {
    name: "none yet",
    reason: "the catalog has not been read completely",
  };
  let lastSuccessAtMs: number | undefined;
  let lastError: { code: string; message: string } | undefined;
  let missed = 0;
  /** To the watch that is running. */
  let readsBeside = createNotice();
  /** Signs of the first complete read that showed something: what this token never sees is nothing new. */
  let usualReasons: readonly PartialViewReason[] | undefined;

  visibility.onChange((sign, isPresent) => {
    const { deniedNamespaces } = visibility;
    reporter.sightChanged(sign, isPresent, sign === "denied-namespace" ? deniedNamespaces : []);
    store.notePartialViewReasons(visibility.partialViewReasons, visibility.deniedNamespaces);
    // A look that failed is not tried again once nothing is hidden.
    if (newReasons().length === 0) tellEnd(failing.succeeded(LOOK_AGAIN, clock.nowMs()));
  });

  /** Signs of the moment that are not usual. */
  function newReasons(): readonly PartialViewReason[] {
    return visibility.partialViewReasons.filter((reason) => usualReasons?.includes(reason) !== true);
  }

  budget.onShortage((shortage) => reporter.connectionsShort(shortage?.allowed, budget.size));

  function succeeded(target: string): void {
    const nowMs = clock.nowMs();
    lastSuccessAtMs = nowMs;
    reachability.regained();
    tellEnd(failing.succeeded(target, nowMs));
  }

  function tellEnd(ended: Trouble | undefined): void {
    if (ended !== undefined) reporter.recovered(ended.failures, ended.forMs);
  }

  function failed(error: CatalogError, target: string, retryInMs: number): void {
    lastError = { code: error.code, message: error.message };
    reporter.failed(error, target, retryInMs, failing.failed(target, error.code, clock.nowMs()));
  }

  async function readAll(consistency: Consistency, signal: AbortSignal, isAlone = false): Promise<WatchStart> {
    const isFirst = store.snapshot() === undefined;
    const reading = { client, readInBulk, store, clock, visibility, parallelReads, consistency, isAlone, isWatched };
    const { explainEmpty = async () => {} } = options;
    const start = await readEverything({ ...reading, isFirst, explainEmpty }, signal);
    succeeded("complete read");
    // What is denied now was shown before: that is never usual.
    if (store.size > 0)
      usualReasons ??= visibility.partialViewReasons.filter((reason) => reason !== "denied-namespace");
    store.complete(consistency === "consistent" ? "confirmed" : "read", clock.nowMs());
    if (!isAlone) readsBeside.give();
    return start;
  }

  /** Tries for ever: a catalog that is away is no reason to end. Undefined when aborted. */
  async function readUntilComplete(signal: AbortSignal): Promise<WatchStart | undefined> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        // A server that lags behind the one that answered before would look like a catalog that was restored.
        const start = await readAll("default", signal, true);
        // The queries of an earlier watch have ended with it, and what they failed to bring has been read now.
        tellEnd(failing.forget(clock.nowMs()));
        return start;
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof CatalogError)) throw error;
        const delayMs = retryDelayMs(error, failures, random());
        failed(error, "complete read", delayMs);
        await clock.sleep(delayMs, signal);
      }
    }
    return undefined;
  }

  async function measure(start: WatchStart, signal: AbortSignal): Promise<CatalogShape> {
    const instances = store.snapshot()?.instances.length ?? 0;
    const requestsPerConnection = budget.capacity / budget.size;
    const nodes = (await options.countNodes?.(signal)) ?? 0;
    return { listed: start.listed, services: store.size, instances, nodes, requestsPerConnection };
  }

  async function watch(start: WatchStart, signal: AbortSignal): Promise<void> {
    const shape = { ...(await measure(start, signal)) };
    const forced = options.strategy === undefined ? undefined : forcedStrategy(strategies, options.strategy);
    const { strategy, reason } = forced ?? chooseStrategy(strategies, shape, budget.allowed);
    const outgrown = new AbortController();
    choice = { name: strategy.name, reason };
    reporter.strategyChosen(strategy.name, reason);
    const ending = AbortSignal.any([signal, outgrown.signal]);
    const restarts = createRestarts(clock, ending);
    readsBeside = createNotice();
    const context: WatchContext<Client> = {
      restarts,
      noteReset() {
        store.noteReset(clock.nowMs());
        restarts.startAnew();
      },
      client,
      store,
      clock,
      random,
      parallelReads,
      readsBeside,
      isWatched,
      visibility,
      hidden: createHiddenServices(client, parallelReads, ending),
      succeeded,
      failed,
      shapeSeen(seen) {
        Object.assign(shape, seen);
        if (forced === undefined && isOutgrown(strategies, strategy, shape, budget.allowed)) outgrown.abort();
      },
      failedProbe(error, target, retryInMs) {
        // Any answer, be it status 500, shows that the catalog is there; the others may fare better.
        if (error.isOutage) reachability.lost();
        else reachability.regained();
        failed(error, target, retryInMs);
      },
      untilWorthTrying: async (error, s) => {
        if (error.isOutage) await reachability.until(s);
      },
    };
    const forgetHints = options.hints?.follow({ standingChanged: () => context.shapeSeen({}) });
    await Promise.all([
      strategy.watch(context, start, ending),
      lookAgainWhilePartial(ending),
      resyncNowAndThen({ ...context, readInBulk, everyMs: options.resyncMs, missed: countMissed }, ending),
    ]).finally(forgetHints);
  }

  function countMissed(services: readonly string[]): void {
    missed += services.length;
    reporter.missed(services);
  }

  /** Taking a token's policy away, or giving it back, wakes no query and moves no index. */
  async function lookAgainWhilePartial(signal: AbortSignal): Promise<void> {
    for (let pauseMs = LOOK_AGAIN_MS; !signal.aborted; ) {
      await clock.sleep(pauseMs, signal);
      if (signal.aborted) return;
      const news = newReasons();
      if (news.length > 0 && news.every((reason) => reason === "denied-namespace") && (await areStillDenied(signal))) {
        pauseMs = DENIED_LOOK_AGAIN_MS;
        continue;
      }
      if (news.length === 0) {
        pauseMs = LOOK_AGAIN_MS;
        continue;
      }
      const beganAtMs = clock.nowMs();
      try {
        await readAll("default", signal);
        succeeded(LOOK_AGAIN);
      } catch (error) {
        if (!(error instanceof CatalogError)) throw error;
        if (!signal.aborted && newReasons().length > 0) failed(error, LOOK_AGAIN, pauseMs);
      }
      pauseMs = Math.max(LOOK_AGAIN_MS, 10 * (clock.nowMs() - beganAtMs));
    }
  }

  /** A list is enough to see that: other namespaces are shown as ever. */
  async function areStillDenied(signal: AbortSignal): Promise<boolean> {
    try {
      await client.services({ index: 0n, consistency: "default", signal });
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return true;
    }
    return visibility.deniedNamespaces.length > 0;
  }

  return {
    source: options.source,
    async recall(instances) {
      store.recall(instances);
      try {
        await client.recall?.(instances);
      } catch (error) {
        // The next list is compared with what was known.
        if (!(error instanceof CatalogError)) throw error;
      }
    },
    async run(signal) {
      await clock.sleep(random() * START_SPREAD_MS, signal);
      while (!signal.aborted) {
        const start = await readUntilComplete(signal);
        if (start !== undefined) await watch(start, signal);
      }
    },
    snapshot: () => store.snapshot(),
    async confirm(signal) {
      await readAll("consistent", signal);
    },
    state: () => ({
      source: options.source,
      strategy: choice.name,
      strategyReason: choice.reason,
      services: store.size,
      openRequests: budget.inUse,
      connectionBudget: budget.size,
      shortage: budget.shortage && { ...budget.shortage, limit: CONNECTION_LIMIT },
      lastSuccessAtMs,
      answerAgeMs: visibility.ageMs,
      partialViewReasons: visibility.partialViewReasons,
      missedChanges: missed,
      indexResets: store.resets,
      consecutiveFailures: failing.consecutiveFailures,
      failingSinceMs: failing.sinceMs,
      lastError: failing.consecutiveFailures > 0 ? lastError : undefined,
    }),
  };
}
