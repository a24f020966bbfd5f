import { createDeferred } from "../../../base/deferred.ts";
import { CatalogError } from "../../catalog/catalog-error.ts";
import { retryDelayMs } from "../../polling/backoff.ts";
import { forEachParallel } from "../../polling/work-pool.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { ConsulClient } from "../client.ts";
import { requireSightOfServers } from "./own-servers.ts";
import type { NodeServices } from "./registrations.ts";

const TARGET = "/v1/catalog/node";

/** After a sweep there is a pause of so many times its length, so that a busy catalog is not read without end. */
const PAUSE_SHARE = 2;

/** Reads of all nodes, one sweep after the other. */
export interface NodeSweeps {
  /** The nodes that there are now; returns those that have left. */
  follow(nodes: Iterable<string>): readonly string[];
  /** Something has changed somewhere: every node is read after this. */
  begin(): void;
  run(signal: AbortSignal): Promise<void>;
}

export interface NodeSweepsOptions {
  /** A node's services, as read from the leader; returns whether anything on the node has changed. */
  took(node: string, services: NodeServices): boolean;
  /** Whether such an answer may rather hide something, so that this must be found out before it is taken. */
  isSuspect(node: string, services: NodeServices): boolean;
}

/** Reads go to the leader: a stale server might not have seen yet what woke us. */
export function createNodeSweeps(
  context: WatchContext<ConsulClient>,
  { took, isSuspect }: NodeSweepsOptions,
): NodeSweeps {
  const { client, clock, random, parallelReads } = context;
  /** The likeliest first: who deploys does so more than once. */
  let byLastChange: readonly string[] = [];
  let isDue = false;
  let wake = createDeferred();

  function begin(): void {
    isDue = true;
    wake.resolve();
  }

  async function sweep(signal: AbortSignal): Promise<void> {
    const changed: string[] = [];
    await forEachParallel(byLastChange, parallelReads, async (node) => {
      const { value } = await client.nodeServices(node, { index: 0n, consistency: "default", signal });
      if (isSuspect(node, value)) await requireSightOfServers(node, context, signal);
      context.succeeded(TARGET);
      if (took(node, value)) changed.push(node);
    });
    byLastChange = [...new Set([...changed, ...byLastChange])];
  }

  /** Returns how long the sweep took that came to its end: what failed before it costs the catalog nothing any more. */
  async function sweepUntilDone(signal: AbortSignal): Promise<number> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      const beganAtMs = clock.nowMs();
      try {
        await sweep(signal);
        return clock.nowMs() - beganAtMs;
      } catch (error) {
        if (signal.aborted) return 0;
        if (!(error instanceof CatalogError)) throw error;
        const delayMs = retryDelayMs(error, failures, random());
        context.failed(error, TARGET, delayMs);
        await clock.sleep(delayMs, signal);
        await context.untilWorthTrying(error, signal);
      }
    }
    return 0;
  }

  return {
    follow(nodes) {
      const present = new Set(nodes);
      const left = byLastChange.filter((node) => !present.has(node));
      byLastChange = [...byLastChange.filter((node) => present.delete(node)), ...present];
      // What is on them has never been seen, or was left unread while they were unknown.
      if (present.size > 0) begin();
      return left;
    },
    begin,
    async run(signal) {
      const stop = () => wake.resolve();
      signal.addEventListener("abort", stop, { once: true });
      while (!signal.aborted) {
        if (isDue) {
          isDue = false;
          await clock.sleep(PAUSE_SHARE * (await sweepUntilDone(signal)), signal);
        } else {
          // Not a race with a promise that lives as long as the watch: it would keep something of every race.
          await wake.promise;
          wake = createDeferred();
        }
      }
      signal.removeEventListener("abort", stop);
    },
  };
}
