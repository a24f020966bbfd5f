import type { Clock } from "../../../base/clock.ts";
import type { AllocationHintListener } from "../../catalog/allocation-hint.ts";
import type { CatalogError } from "../../catalog/catalog-error.ts";
import { PRODUCTS, type Product } from "../../catalog/product.ts";
import type { EventStreamState, SourceReporter } from "../../catalog/source.ts";
import type { CatalogConnection } from "../../http/catalog-http.ts";
import { followLines } from "../../http/follow-lines.ts";
import { createPollGroup } from "../../polling/poll-group.ts";
import type { HintListener, ServiceHints } from "../../watch/service-hints.ts";
import { nomadServiceKey } from "../service-key.ts";
import { createAllocationHints } from "./allocation-hints.ts";
import type { NomadEvent } from "./decode-line.ts";
import { superviseStream } from "./supervised-stream.ts";

const ENDPOINT = "/v1/event/stream";
const TOPICS = ["Service", "Allocation", "Deployment"] as const;
/** A line holds all that one write has changed: some ten kilobytes for each allocation of a plan. */
const MOST_LINE_BYTES = 8 * 1024 * 1024;
/** Where a token may not listen to all namespaces at once, it is tried with each, up to so many. */
const MOST_NAMESPACES = 8;
/** With fewer connections long polls take turns, and a stream would hold one for ever. */
const FEWEST_CONNECTIONS = 6;
/** Everything is read again after a doubt, so doubts that follow are gathered for so long. */
const DOUBTS_APART_MS = 10_000;
/** A stream that ends is opened again within seconds, as when another server leads. Longer than this it is worth a word. */
const LOST_IS_NEWS_MS = 30_000;

export interface NomadEventsOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` alone for all. Default: Nomad's, which is called `default`. */
  readonly namespaces?: readonly string[];
  readonly clock: Clock;
  random(): number;
  readonly reporter: Pick<SourceReporter, "eventsHeard" | "eventsUnheard" | "eventsReopened">;
}

/**
 * What Nomad's event stream hints at. It is never a source: an event says which service or allocation to look at, and what
 * is there is read. Where it is not heard nothing is lost but speed.
 */
export interface NomadEvents extends ServiceHints {
  /** Listens until aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** The namespaces that a list of several has shown: each is listened to by itself where all at once are denied. */
  sawNamespaces(names: ReadonlySet<string>): void;
  /** Returns how to end that. */
  onAllocationHint(listener: AllocationHintListener): () => void;
  state(): EventStreamState;
}

export function createNomadEvents(options: NomadEventsOptions): NomadEvents {
  const { clock, random, reporter, budget, readToken } = options;
  const [first = "default", ...others] = options.namespaces ?? [];
  const named: ReadonlySet<string> | undefined = others.length > 0 ? new Set([first, ...others]) : undefined;
  const whole = named === undefined ? first : "*";
  const allocations = createAllocationHints();
  const listeners = new Set<HintListener>();
  /** By namespace, the asked one first. */
  const states = new Map<string, EventStreamState["state"]>([[whole, "opening"]]);
  let shown: ReadonlySet<string> = new Set();
  let told: "heard" | "unheard" | undefined;
  let state: EventStreamState["state"] = "opening";
  let reopened = 0;
  let settling = new AbortController();
  let latestError: CatalogError | undefined;
  let stopped: AbortSignal | undefined;
  let followEach: (names: Iterable<string>) => void = () => {};
  let lastDoubtAtMs = Number.NEGATIVE_INFINITY;
  let isDoubtDue = false;

  function stateNow(): EventStreamState["state"] {
    const ofWhole = states.get(whole) ?? "opening";
    if (ofWhole !== "silent" || !isEachAsked()) return ofWhole;
    const each = [...shown].map((name) => states.get(name) ?? "opening");
    for (const worst of ["silent", "waiting", "lost", "opening"] as const) if (each.includes(worst)) return worst;
    return "heard";
  }

  function isEachAsked(): boolean {
    return whole === "*" && states.get(whole) === "silent" && shown.size > 0 && shown.size <= MOST_NAMESPACES;
  }

  function judge(error?: CatalogError): void {
    followEach(isEachAsked() ? shown : []);
    const before = state;
    latestError = error;
    state = stateNow();
    if (state === before) return;
    for (const listener of [...listeners]) listener.standingChanged?.();
    settling.abort();
    settling = new AbortController();
    if (state === "heard") report("heard");
    else if (state === "silent") report("unheard");
    else void reportUnlessHeardSoon(settling.signal);
  }

  async function reportUnlessHeardSoon(isOver: AbortSignal): Promise<void> {
    await clock.sleep(LOST_IS_NEWS_MS, isOver);
    if (!isOver.aborted) report("unheard");
  }

  function report(what: "heard" | "unheard"): void {
    if (told === what || stopped?.aborted === true) return;
    told = what;
    if (what === "heard") reporter.eventsHeard(scope());
    else reporter.eventsUnheard(scope(), state === "silent" ? right() : undefined, latestError);
  }

  function scope(): string {
    if (named !== undefined) return `namespaces ${[...named].join(", ")}`;
    return whole === "*" ? "all namespaces" : `namespace ${whole}`;
  }

  function right(): string {
    const names = named === undefined ? [whole] : [...named];
    return names.map((name) => `namespace ${JSON.stringify(name)} { capabilities = ["read-job"] }`).join(", ");
  }

  function doubt(): void {
    const waitMs = lastDoubtAtMs + DOUBTS_APART_MS - clock.nowMs();
    if (isDoubtDue) return;
    if (waitMs > 0) {
      isDoubtDue = true;
      void clock.sleep(waitMs, stopped).then(tellDoubt);
    } else tellDoubt();
  }

  function tellDoubt(): void {
    isDoubtDue = false;
    if (stopped?.aborted === true) return;
    lastDoubtAtMs = clock.nowMs();
    for (const listener of [...listeners]) listener.doubted?.();
    allocations.anything();
  }

  function tell(namespace: string, events: readonly NomadEvent[]): void {
    for (const event of events) {
      // Asked for one namespace, nothing is read in another, whatever is said.
      if (namespace !== "*" && event.namespace !== namespace) continue;
      const isOfInterest = named?.has(event.namespace) !== false;
      if (event.topic === "Service") {
        // A write in a namespace that is not charted moves the list's index as well.
        const service = isOfInterest ? nomadServiceKey(event.namespace, event.service) : undefined;
        for (const listener of [...listeners]) listener.hinted?.(service, event.index);
      } else if (isOfInterest && event.topic === "Allocation") allocations.allocation(event.id, event.index);
      else if (isOfInterest && event.topic === "Deployment") {
        allocations.deployment(nomadServiceKey(event.namespace, event.job));
      }
    }
  }

  async function listen(namespace: string, signal: AbortSignal): Promise<void> {
    const query = { endpoint: ENDPOINT, path: pathFor(namespace, options.region), mostLineBytes: MOST_LINE_BYTES };
    const product: Product = { ...PRODUCTS.nomad, rights: `the token needs ${right()}` };
    let wasHeard = false;
    await superviseStream(
      {
        follow: (listener, ending) => followLines(options, product, query, listener, ending),
        currentToken: () => readToken(),
        mayHold: () => budget.allowed >= FEWEST_CONNECTIONS,
        clock,
        random,
        became(next, error) {
          if (signal.aborted) return;
          states.set(namespace, next);
          if (next === "heard" && wasHeard) {
            reopened += 1;
            reporter.eventsReopened();
          }
          wasHeard ||= next === "heard";
          judge(error);
        },
        told: (events) => tell(namespace, events),
        doubted: doubt,
      },
      signal,
    );
  }

  return {
    get standing() {
      if (state === "heard") return "heard";
      return state === "silent" || state === "waiting" ? "unheard" : "awaited";
    },
    get coversList() {
      return !isEachAsked();
    },
    get connections() {
      return isEachAsked() ? shown.size : 1;
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sawNamespaces(names) {
      shown = names;
      if (stopped?.aborted === false) judge();
    },
    onAllocationHint: allocations.onHint,
    state: () => ({ state, open: [...states.values()].filter((one) => one === "heard").length, reopened }),
    async run(signal) {
      stopped = signal;
      void reportUnlessHeardSoon(settling.signal);
      const each = createPollGroup({ poll: listen, left: (name) => states.delete(name) }, signal);
      followEach = each.follow;
      await Promise.race([listen(whole, signal), each.broken]);
      await each.settled();
      settling.abort();
    },
  };
}

function pathFor(namespace: string, region: string | undefined): string {
  const query = new URLSearchParams({ namespace });
  for (const topic of TOPICS) query.append("topic", topic);
  if (region !== undefined) query.set("region", region);
  return `/event/stream?${query}`;
}
