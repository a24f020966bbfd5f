import { setImmediate as nextTurn } from "node:timers/promises";
import type { CatalogClient, ServiceList } from "../catalog/catalog-client.ts";
import { FLOOR_BURST, FLOOR_MS } from "../polling/blocking-query.ts";
import { createRateFloor } from "../polling/rate-floor.ts";
import { createChangedServices } from "./changed-services.ts";
import type { ServiceHints } from "./service-hints.ts";
import { watchServiceList } from "./service-list.ts";
import type { Watch } from "./watch.ts";

/** So long a hint may come after the list that shows the same write. */
const LATE_HINT_MS = 1_000;
/** So many of the latest hints are compared with the list. */
const MOST_WRITES = 4_096;
/** Where moves without a hint are nothing uncommon, everything is read again for them no more often than this. */
const UNCOVERED_APART_MS = 30_000;
/** Services that no list has named yet are read for a hint, but no more than so many between two lists: the list names them too. */
const MOST_UNLISTED = 64;

/**
 * The list of services, which wakes on any change of any instance, and hints that say which service it was: that one is
 * read, and no other. A hint is no more than a reason for a read, and each move of the list's index must be hinted at: a move
 * without a hint, as where one was lost, and every move while hints are not heard, make all watched services be read again,
 * as a sweep does. A hint may come late, so it is waited for a moment. Services that come and go are in the list itself.
 *
 * Hints are gathered: those that come together are read together, and a service that changes without end is read no more
 * often than its own long poll would be answered.
 */
export function watchByHints(hints: ServiceHints): Watch<CatalogClient> {
  return async (context, start, signal) => {
    const { store, clock } = context;
    const firstWrite = start.listIndex.write;
    let shownUpTo = firstWrite;
    let watched: ReadonlySet<string> = new Set(start.shownUpTo.keys());
    let listed: ServiceList = new Map();
    let unlisted = 0;
    /** Writes that were hinted at, the latest at the end. */
    const writes = new Set<bigint>();
    const changed = createChangedServices(context, {
      has: (service) => watched.has(service),
      marksEachRegistration: false,
    });

    const floor = createRateFloor(FLOOR_MS, FLOOR_BURST);
    const gathered = new Set<string>();
    let isReadDue = false;
    let sweptAtMs = Number.NEGATIVE_INFINITY;
    let isSweepDue = false;

    function hinted(service: string | undefined, write: bigint): void {
      // A stream that was just opened repeats what the complete read has shown.
      if (write <= firstWrite && shownUpTo >= firstWrite) return;
      writes.delete(write);
      writes.add(write);
      for (const oldest of writes) if (writes.size > MOST_WRITES) writes.delete(oldest);
      if (service === undefined) return;
      if (!watched.has(service)) {
        // One that is listed and becomes worth watching is news in the list.
        if (listed.has(service) || unlisted === MOST_UNLISTED) return;
        unlisted += 1;
      }
      gathered.add(service);
      void readGathered();
    }

    async function readGathered(): Promise<void> {
      if (isReadDue) return;
      isReadDue = true;
      await nextTurn();
      const pauseMs = floor.takeMs(clock.nowMs());
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
      isReadDue = false;
      changed.mark(gathered);
      gathered.clear();
    }

    function isHintedAt(after: bigint, upTo: bigint): boolean {
      for (const write of writes) if (write > after && write <= upTo) return true;
      return false;
    }

    async function sweepUnlessHintedAt(after: bigint, upTo: bigint): Promise<void> {
      await clock.sleep(LATE_HINT_MS, signal);
      if (isHintedAt(after, upTo) || isSweepDue) return;
      isSweepDue = true;
      const restMs = hints.coversList ? 0 : sweptAtMs + UNCOVERED_APART_MS - clock.nowMs();
      if (restMs > 0) await clock.sleep(restMs, signal);
      isSweepDue = false;
      sweptAtMs = clock.nowMs();
      if (!signal.aborted) changed.mark(watched);
    }

    function answered(next: ReadonlySet<string>, services: ServiceList, index: bigint): void {
      const before = shownUpTo;
      watched = next;
      listed = services;
      unlisted = 0;
      shownUpTo = index;
      store.keepOnly(watched);
      changed.mark([...watched].filter((name) => !store.has(name)));
      if (index === before) return;
      if (index < before) writes.clear();
      if (index < before || hints.standing !== "heard") changed.mark(watched);
      else if (!isHintedAt(before, index)) void sweepUnlessHintedAt(before, index);
    }

    const forget = hints.follow({ hinted, doubted: () => changed.mark(watched) });
    try {
      await Promise.all([watchServiceList(context, start.listIndex, answered, signal), changed.run(signal)]);
    } finally {
      forget();
    }
  };
}
