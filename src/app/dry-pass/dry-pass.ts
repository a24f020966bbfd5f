import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import { fanOutCatalog, fanOutChart } from "../../observe/fan-out.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import { edgePlans } from "../edges/edge-plan.ts";
import { adoptedSettings } from "../inputs/adopted-settings.ts";
import { openInputs } from "../inputs/inputs.ts";
import { looksAtState } from "../stored-state/state-access.ts";
import { type DryEdge, openDryEdge } from "./dry-edge.ts";
import { createNews } from "./news.ts";
import { readInputsOnce, type UnreadCatalog } from "./read-inputs-once.ts";

export interface DryPassOptions {
  /** The settings that a running portolan is to adopt (SIGHUP): decided by after the present ones. */
  readonly next?: Settings;
}

/** What a pass would decide now, for every chart. */
export interface DryPass {
  /** One for each chart; the main one first. */
  readonly edges: readonly [DryEdge, ...DryEdge[]];
  /** The catalogs that did not answer: what was last good of them counts, and nothing of theirs would be taken away. */
  readonly unread: readonly UnreadCatalog[];
  /** What an operator should know of the state that was found. */
  readonly notes: readonly string[];
}

const SILENT_LOG: EventLog = { emit() {}, setLevel() {} };

/**
 * Decides what a pass would publish, and publishes nothing: reads catalogs, allocations, dynamic ports, snippets, the files
 * beside each chart, the charts and the kept state once, takes no lock and writes no file, so that it may run beside the
 * daemon and by any user that may read those files. Guards hold as they would. The daemon's own code decides, from what the
 * daemon would find after a restart; what only its process remembers is unknown: for how long an instance has been critical,
 * how often a service has changed lately, and when a removal was first held.
 *
 * Throws AppError: exit code 69 where no catalog answers, 78 where the settings or the charts are unusable, 73 where a file
 * may not be read.
 */
export async function dryPass(settings: Settings, { next }: DryPassOptions = {}): Promise<DryPass> {
  const notes = new Set<string>();
  const access = looksAtState((note) => void notes.add(note));
  const news = createNews(systemClock);
  const inputs = await openInputs(settings, {
    log: SILENT_LOG,
    observer: fanOutChart([]),
    access,
    catalogObserver: () => fanOutCatalog([]),
    changed: news.tell,
  });
  const ended = new AbortController();
  try {
    const [mainPlan, ...otherPlans] = edgePlans(settings);
    const open = (plan: typeof mainPlan) =>
      openDryEdge(plan, { inputs, settings, access, noted: (note) => void notes.add(note) });
    const main = await open(mainPlan);
    const others = await Promise.all(otherPlans.map(open));
    const edges = [main, ...others];
    // As after a restart: the last good snapshots count until the catalogs answer.
    for (const edge of edges) await edge.remember();
    const reading = { news, signal: ended.signal };
    let unread = await readInputsOnce(inputs, reading);
    for (const edge of edges) await edge.decide("present");
    if (next !== undefined) {
      await inputs.adopt(adoptedSettings(next, settings));
      unread = await readInputsOnce(inputs, reading);
      for (const edge of edges) await edge.decide("next");
    }
    return { edges: [main.result(), ...others.map((edge) => edge.result())], unread, notes: [...notes] };
  } finally {
    ended.abort();
    await inputs.close();
  }
}
