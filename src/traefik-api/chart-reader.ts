import { splitCanaries } from "../core/traefik/chart/canary-split.ts";
import { canonicalJson } from "../core/traefik/chart/canonical-json.ts";
import { changedNames } from "../core/traefik/chart/changed-names.ts";
import {
  type ConfigObject,
  countRouters,
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../core/traefik/chart/dynamic-config.ts";
import { chartedKey, listedNames } from "../core/traefik-result/listed-names.ts";
import type { RunningTraefik, TraefikCount } from "../core/traefik-result/running-traefik.ts";
import { differingField } from "../core/traefik-result/same-definition.ts";
import {
  isListedSection,
  LISTED_SECTIONS,
  type ListedSection,
  type TraefikResource,
} from "../core/traefik-result/traefik-resource.ts";
import type { ChartTaking, TraefikFlaw, TraefikResult } from "../core/traefik-result/traefik-result.ts";
import type { TraefikApi } from "./traefik-api.ts";

/** The chart that Traefik is expected to have. */
export interface PublishedChart {
  readonly config: DynamicConfig;
  /** Since when it lies where Traefik reads it. */
  readonly publishedAtMs: number;
}

/** Compares what a running Traefik has with what is charted, with as few requests as the question takes. */
export interface ChartReader {
  /**
   * One look: at what has changed since the last one, at numbers, and at what Traefik complains of; at all of it the first
   * time, after a restart of Traefik, and now and then. Rejects with a TraefikApiError.
   */
  look(chart: PublishedChart, signal: AbortSignal): Promise<TraefikResult>;
}

export interface ChartReaderOptions {
  readonly api: TraefikApi;
  readonly nowMs: () => number;
}

/** Traefik takes a file as a whole: a few of the things that changed in it are as good as all. */
const MOST_BY_NAME = 20;
const VERSION_EVERY_MS = 30_000;
const COMPLAINTS_EVERY_MS = 60_000;
const EVERYTHING_EVERY_MS = 600_000;
const USUAL_THROTTLE_MS = 2_000;
/** So long Traefik may take beside its throttle: for the file's event, and for a machine that is busy … */
const PATIENCE_MS = 8_000;
/** … and for each router, of which 5,000 take it half a second on two processors at rest. */
const PATIENCE_MS_A_ROUTER = 2;
/** What changes again and again while Traefik loads it. */
const MOST_BEFORE = 5;
const MOST_FLAWS_AGAIN = 10;
/** How a chart reaches Traefik: as a file, or from the listener of `serve`. */
const PROVIDERS = ["file", "http"] as const;

/** Something that changed in the chart, and that Traefik has not been seen to have since. */
interface Pending {
  readonly section: ListedSection;
  readonly name: string;
  readonly sinceMs: number;
  /** What was charted under the name since Traefik was seen to have it, the latest first; undefined stands for nothing. */
  readonly before: readonly (ConfigObject | undefined)[];
}

/** How a charted thing was found in Traefik. */
type Found =
  | { readonly kind: "same"; readonly resource: TraefikResource | undefined }
  /** As it was before the change. */
  | { readonly kind: "old"; readonly flaw: TraefikFlaw | undefined }
  | { readonly kind: "other"; readonly flaw: TraefikFlaw };

export function createChartReader({ api, nowMs }: ChartReaderOptions): ChartReader {
  let running: RunningTraefik | undefined;
  let lastCharted: DynamicConfig | undefined;
  /** As it is written for Traefik. */
  let seen: DynamicConfig = newConfig();
  let provider: string = PROVIDERS[0];
  let versionAtMs = -Infinity;
  let everythingAtMs = -Infinity;
  let complaintsAtMs = -Infinity;
  let numbers = "";
  /** The newest change that Traefik has been seen to have. */
  let takenAtMs = -Infinity;
  let hasAnything = false;
  const pending = new Map<ResourceKey, Pending>();
  const flaws = new Map<ResourceKey, TraefikFlaw>();

  function noteChanges({ config: charted, publishedAtMs }: PublishedChart): void {
    if (charted === lastCharted) return;
    lastCharted = charted;
    const config = splitCanaries(charted);
    for (const section of LISTED_SECTIONS) {
      for (const name of changedNames(seen[section], config[section])) {
        const [before, after] = [seen[section].get(name), config[section].get(name)];
        if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) continue;
        const key = resourceKey(section, name);
        // What Traefik complains of it goes on to, until it has the new one.
        if (flaws.get(key)?.kind !== "refused" || after === undefined) flaws.delete(key);
        const earlier = [before, ...(pending.get(key)?.before ?? [])].slice(0, MOST_BEFORE);
        pending.set(key, { section, name, sinceMs: publishedAtMs, before: earlier });
      }
    }
    seen = config;
  }

  /** Which Traefik it is; another process of it has to be looked at anew. */
  async function identify(signal: AbortSignal): Promise<RunningTraefik> {
    if (running !== undefined && nowMs() - versionAtMs < VERSION_EVERY_MS) return running;
    const { startedAt, version } = await api.version(signal);
    if (running === undefined || running.startedAt !== startedAt || running.version !== version) {
      running = await api.running(signal);
      everythingAtMs = -Infinity;
      hasAnything = false;
    }
    versionAtMs = nowMs();
    return running;
  }

  async function readEverything(traefik: RunningTraefik, signal: AbortSignal): Promise<void> {
    const startedAtMs = nowMs();
    // Before anything that is published from now on.
    const asOfMs = startedAtMs - 1;
    let same = 0;
    let all = 0;
    flaws.clear();
    for (const section of LISTED_SECTIONS) {
      if (seen[section].size === 0) continue;
      const charted = seen[section];
      const listed = new Set<string>();
      for await (const page of api.resources(section, signal)) {
        for (const resource of page) {
          const key = keyOf(resource, traefik);
          const name = key?.slice(section.length + 1) ?? "";
          const definition = charted.get(name);
          if (key === undefined || definition === undefined) continue;
          provider = resource.provider;
          hasAnything = true;
          if (differingField(section, definition, resource.definition) !== undefined) continue;
          listed.add(name);
          same += 1;
          noteStatus(key, resource);
        }
      }
      for (const name of charted.keys()) {
        const key = resourceKey(section, name);
        if (listed.has(name)) pending.delete(key);
        else if (!pending.has(key)) pending.set(key, { section, name, sinceMs: asOfMs, before: [undefined] });
      }
      all += charted.size;
    }
    // What is not as charted then is left out of a file that was taken: its own trouble, and not the whole chart's.
    if (same > 0 && 2 * same >= all) takenAtMs = Math.max(takenAtMs, asOfMs);
    everythingAtMs = startedAtMs;
  }

  function keyOf(resource: TraefikResource, { entryPoints }: RunningTraefik): ResourceKey | undefined {
    if (!PROVIDERS.some((one) => one === resource.provider)) return undefined;
    const { section, key } = resource;
    return chartedKey(section, key.slice(section.length + 1), seen, entryPoints);
  }

  function noteStatus(key: ResourceKey, { status, errors }: TraefikResource): void {
    if (status !== "enabled") flaws.set(key, { kind: "refused", status, errors });
    else if (flaws.get(key)?.kind !== "refused") flaws.delete(key);
  }

  async function find(
    { section, name, before }: Pending,
    traefik: RunningTraefik,
    signal: AbortSignal,
  ): Promise<Found> {
    const charted = seen[section].get(name);
    const definition = charted ?? before.find((one) => one !== undefined);
    const names = definition === undefined ? [name] : listedNames(section, name, definition, traefik.entryPoints);
    let resource: TraefikResource | undefined;
    for (const one of names) {
      resource = await api.resource(section, one, provider, signal);
      if (resource !== undefined) break;
    }
    const isBefore = before.some((one) => isFoundAs(section, one, resource));
    if (charted === undefined) {
      return isBefore && resource !== undefined
        ? { kind: "old", flaw: undefined }
        : { kind: "same", resource: undefined };
    }
    if (resource === undefined) return { kind: isBefore ? "old" : "other", flaw: { kind: "missing" } };
    hasAnything = true;
    const field = differingField(section, charted, resource.definition);
    if (field === undefined) return { kind: "same", resource };
    return { kind: isBefore ? "old" : "other", flaw: { kind: "different", field: field.join(".") } };
  }

  /** Looks at the newest changes by name; answers with those that Traefik has not after its time is over. */
  async function readChanges(
    traefik: RunningTraefik,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<readonly Pending[]> {
    const newest = [...pending].sort(([, one], [, other]) => other.sinceMs - one.sinceMs).slice(0, MOST_BY_NAME);
    const found = new Map<ResourceKey, Found>();
    for (const [key, change] of newest) {
      const one = await find(change, traefik, signal);
      found.set(key, one);
      if (one.kind !== "same") continue;
      takenAtMs = Math.max(takenAtMs, change.sinceMs);
      pending.delete(key);
      flaws.delete(key);
      if (one.resource !== undefined) noteStatus(key, one.resource);
    }
    const late: Pending[] = [];
    for (const [key, change] of [...pending]) {
      const isOver = nowMs() - change.sinceMs > patienceMs;
      const one = found.get(key);
      if (change.sinceMs <= takenAtMs) {
        // The file was taken, and this with it; or with it left out, which is its own trouble.
        if (one !== undefined && !isOver) continue;
        pending.delete(key);
        if (one !== undefined && one.kind !== "same" && one.flaw !== undefined) flaws.set(key, one.flaw);
      } else if (isOver && one?.kind === "other") {
        pending.delete(key);
        flaws.set(key, one.flaw);
      } else if (isOver) {
        late.push(change);
      }
    }
    return late;
  }

  /** What Traefik has disabled, wholly or in part, where numbers say that there may be something. */
  async function readComplaints(traefik: RunningTraefik, signal: AbortSignal): Promise<void> {
    const { counts } = await api.overview(signal);
    const now = JSON.stringify(counts);
    if (now === numbers && nowMs() - complaintsAtMs < COMPLAINTS_EVERY_MS) return;
    for (const section of LISTED_SECTIONS) {
      const refused = new Map<ResourceKey, TraefikFlaw>();
      for (const status of complaintsIn(counts[section])) {
        for await (const page of api.resources(section, signal, { status })) {
          for (const resource of page) {
            const key = keyOf(resource, traefik);
            if (key !== undefined) refused.set(key, { kind: "refused", status, errors: resource.errors });
          }
        }
      }
      for (const [key, flaw] of flaws) {
        if (flaw.kind === "refused" && splitKey(key).section === section) flaws.delete(key);
      }
      for (const [key, flaw] of refused) flaws.set(key, flaw);
    }
    numbers = now;
    complaintsAtMs = nowMs();
  }

  /** What was missing or another may have come: another file beside the chart has been corrected. */
  async function readFlawsAgain(traefik: RunningTraefik, signal: AbortSignal): Promise<void> {
    const again = [...flaws].filter(([, { kind }]) => kind !== "refused").slice(0, MOST_FLAWS_AGAIN);
    for (const [key] of again) {
      const { section, name } = splitKey(key);
      if (!isListedSection(section)) continue;
      const found = await find({ section, name, sinceMs: 0, before: [] }, traefik, signal);
      if (found.kind !== "same") continue;
      flaws.delete(key);
      if (found.resource !== undefined) noteStatus(key, found.resource);
    }
  }

  async function look(chart: PublishedChart, signal: AbortSignal): Promise<TraefikResult> {
    noteChanges(chart);
    const traefik = await identify(signal);
    const isDue = nowMs() - everythingAtMs > EVERYTHING_EVERY_MS && pending.size === 0;
    if (everythingAtMs === -Infinity || isDue) await readEverything(traefik, signal);
    const late = await readChanges(traefik, patienceOf(traefik, seen), signal);
    if (pending.size === 0) await readFlawsAgain(traefik, signal);
    await readComplaints(traefik, signal);
    return { traefik, readAtMs: nowMs(), taking: takingOf(late), flaws: new Map(flaws) };
  }

  return {
    async look(chart, signal) {
      try {
        return await look(chart, signal);
      } catch (error) {
        // It may be another process of Traefik's when it answers again.
        versionAtMs = -Infinity;
        throw error;
      }
    },
  };

  function takingOf(late: readonly Pending[]): ChartTaking {
    if (late.length > 0) {
      const sinceMs = Math.min(...late.map((one) => one.sinceMs));
      return { kind: hasAnything ? "behind" : "nothing", sinceMs };
    }
    return pending.size > 0 ? { kind: "waiting" } : { kind: "taken" };
  }
}

function isFoundAs(
  section: ListedSection,
  definition: ConfigObject | undefined,
  resource: TraefikResource | undefined,
): boolean {
  if (definition === undefined || resource === undefined) return definition === resource;
  return differingField(section, definition, resource.definition) === undefined;
}

function complaintsIn({ warnings, errors }: TraefikCount): readonly ("disabled" | "warning")[] {
  return [...(errors > 0 ? (["disabled"] as const) : []), ...(warnings > 0 ? (["warning"] as const) : [])];
}

function patienceOf({ configuration }: RunningTraefik, chart: DynamicConfig): number {
  const { throttleMs = USUAL_THROTTLE_MS, pollMs = 0 } = configuration ?? {};
  return throttleMs + pollMs + PATIENCE_MS + PATIENCE_MS_A_ROUTER * countRouters(chart);
}
