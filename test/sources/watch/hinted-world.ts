import { PLAIN, type ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { CatalogClient, CatalogRead } from "../../../src/sources/catalog/catalog-client.ts";
import type { CatalogSource } from "../../../src/sources/catalog/source.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { nomadStrategies } from "../../../src/sources/nomad/strategies.ts";
import type { HintListener, ServiceHints } from "../../../src/sources/watch/service-hints.ts";
import { createVisibility } from "../../../src/sources/watch/visibility.ts";
import { createWatchedSource } from "../../../src/sources/watch/watched-source.ts";
import { createFakeClock, type FakeClock, settle } from "../../fakes/fake-clock.ts";

export const EXPOSED = "traefik.enable=true";
export const RESYNC_MS = 300_000;

/** A catalog in memory as Nomad's answers are: every answer has the index of the whole table. */
export interface HintedWorld {
  readonly clock: FakeClock;
  readonly source: CatalogSource;
  /** Requests since the last look: `list`, or the name of a service. */
  requests(): readonly string[];
  readonly missed: readonly string[];
  readonly strategies: readonly string[];
  /** Puts the only instance of a service at this port, or takes it away. Returns the number of the write. */
  write(service: string, port: number | undefined, tag?: string): bigint;
  /** Without a service: a write elsewhere. */
  hint(service: string | undefined, write: bigint): void;
  doubt(): void;
  stand(standing: ServiceHints["standing"]): void;
  /** Not all that moves the list is hinted at. */
  uncover(): void;
  /** The data is lost; what comes next begins with low numbers again. */
  wipe(): void;
  /** `SERVICE PORT` of what is exposed: by the catalog, and by the source. */
  readonly truth: readonly string[];
  readonly known: readonly string[];
  stop(): Promise<void>;
}

/** A source that watches it by hints, with everything read. */
export async function hintedWorld(services: number): Promise<HintedWorld> {
  const clock = createFakeClock();
  const stopping = new AbortController();
  const rows = new Map<string, ServiceInstance>();
  const waiting = new Set<() => void>();
  const listeners = new Set<HintListener>();
  const strategies: string[] = [];
  const missed: string[] = [];
  let asked: string[] = [];
  let index = 100n;
  let wipes = 0;
  let coversList = true;
  let standing: ServiceHints["standing"] = "heard";

  function write(service: string, port: number | undefined, tag = EXPOSED): bigint {
    index += 1n;
    if (port === undefined) rows.delete(service);
    else rows.set(service, instanceOf(service, port, tag));
    for (const wake of [...waiting]) wake();
    return index;
  }

  async function untilNews({ index: known, signal }: CatalogRead): Promise<void> {
    const wipesBefore = wipes;
    while (known > 0n && index <= known && wipes === wipesBefore && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener("abort", wake, { once: true });
      });
    }
    await settle();
  }

  const client: CatalogClient = {
    async services(how) {
      asked.push("list");
      await untilNews(how);
      return { index: String(index), value: new Map([...rows].map(([name, { tags }]) => [`default/${name}`, tags])) };
    },
    async instances(key) {
      const name = key.slice("default/".length);
      asked.push(name);
      await settle();
      const row = rows.get(name);
      return { index: String(index), value: row === undefined ? [] : [row] };
    },
    target: (service) => service ?? "list",
    close() {},
  };
  const hints: ServiceHints = {
    get standing() {
      return standing;
    },
    get coversList() {
      return coversList;
    },
    connections: 1,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const source = createWatchedSource<CatalogClient>({
    source: "test",
    client,
    budget: createConnectionBudget(16),
    visibility: createVisibility(),
    parallelReads: 4,
    resyncMs: RESYNC_MS,
    clock,
    strategies: nomadStrategies(hints),
    hints,
    random: () => 0,
    isWatched: (tags) => tags.includes(EXPOSED),
    changed() {},
    reporter: {
      requested() {},
      failed() {},
      recovered() {},
      strategyChosen: (name) => strategies.push(name),
      connectionsShort() {},
      sightChanged() {},
      settingDoubted() {},
      missed: (names) => missed.push(...names),
      eventsHeard() {},
      eventsUnheard() {},
      eventsReopened() {},
    },
  });
  for (let at = 0; at < services; at += 1) write(`s${at}`, 20_000 + at);
  const running = source.run(stopping.signal);
  // Each read of the first reading takes a turn.
  for (let turn = 0; turn < services + 20; turn += 1) await clock.advance(10);
  asked = [];
  return {
    clock,
    source,
    requests() {
      const since = asked;
      asked = [];
      return since;
    },
    missed,
    strategies,
    write,
    hint: (service, number) => {
      for (const listener of [...listeners]) listener.hinted?.(service && `default/${service}`, number);
    },
    doubt: () => {
      for (const listener of [...listeners]) listener.doubted?.();
    },
    stand(next) {
      standing = next;
      for (const listener of [...listeners]) listener.standingChanged?.();
    },
    uncover() {
      coversList = false;
    },
    wipe() {
      rows.clear();
      index = 1n;
      // Servers that are restarted end every query.
      wipes += 1;
      write("first", 25_000);
    },
    get truth() {
      return shown([...rows.values()]);
    },
    get known() {
      return shown(source.snapshot()?.instances ?? []);
    },
    async stop() {
      stopping.abort();
      for (const wake of [...waiting]) wake();
      await running;
    },
  };
}

function shown(instances: readonly ServiceInstance[]): readonly string[] {
  return instances
    .filter(({ tags }) => tags.includes(EXPOSED))
    .map(({ service, port }) => `${service} ${port}`)
    .toSorted();
}

function instanceOf(service: string, port: number, tag: string): ServiceInstance {
  return {
    catalog: "nomad",
    service,
    id: service,
    node: "n1",
    nodeId: "n1",
    datacenter: "dc1",
    namespace: "default",
    job: service,
    nodeAddress: "",
    address: "10.0.0.1",
    port,
    tags: [tag],
    checks: [],
    ...PLAIN,
    createIndex: 1,
  };
}
