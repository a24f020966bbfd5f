import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Backends, startBackends } from "../../../bench/backends.ts";
import { until } from "../../support/await-until.ts";
import type { CatalogClient } from "../../support/catalog-client.ts";
import { writeDefaultCertificate } from "../../support/default-certificate.ts";
import { freePorts } from "../../support/free-port.ts";
import { type PortolanProcess, startPortolan } from "../../support/portolan-process.ts";
import type { Tool } from "../../support/real-binaries.ts";
import type { RealConsul } from "../../support/real-consul.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../../support/real-traefik.ts";
import type { Peer } from "../options.ts";
import { askOnce } from "./innocent-probe.ts";
import { type FaultyProxy, startFaultyProxy } from "./proxy.ts";
import { type Relay, startRelay } from "./relay.ts";
import { type Product, type StageCatalogOptions, startStageCatalog } from "./stage-catalog.ts";
import { BYSTANDERS, hostOf, INNOCENT, register, tagsOf } from "./world.ts";

export interface StageOptions extends StageCatalogOptions {
  /** What services are registered in. Default: Consul. */
  readonly product?: Product;
  /** Makes the reader's token and returns it; both peers read with it. */
  token?(catalog: CatalogClient): Promise<string>;
  /** Portolan's `consul.connectionBudget`. */
  readonly budget?: number | undefined;
  /** Portolan asks Consul itself, and not through proxy and relay, which have connections of their own. */
  readonly isDirect?: true;
  /** Portolan's `consul.wait`. */
  readonly wait?: string;
  /** More of portolan's environment. */
  environment?(root: string): Readonly<Record<string, string>>;
  /** Called with the stage's directory and the watched one before anything is in them; undone by the function that it returns. */
  prepare?(root: string, watched: string): () => void;
  /** More tags of the innocent service. */
  readonly moreTags?: readonly string[];
  /** Tags of the innocent service in place of its usual ones. */
  readonly tags?: readonly string[];
  /** More of portolan's settings, as they stand in the file; `policy` and the like name files of `files`. */
  settings?(ground: Ground): Readonly<Record<string, unknown>>;
  /** Files that are written before anything starts, by their path from the stage's directory ("dynamic/" is the watched one). */
  files?(ground: Ground): Readonly<Record<string, string>>;
  /** More entry points of Traefik beside `web`, each on a free TCP port: `Stage.entryPoints` has them. */
  readonly entryPoints?: readonly string[];
  /** More of Traefik's static flags. */
  traefikFlags?(ground: Ground): readonly string[];
  /** Called when the catalog runs and before portolan starts: what is registered here was there first. */
  beforeStart?(ground: Ground & { readonly catalog: CatalogClient }): Promise<void>;
  /** On which node a service is; default: node-1. */
  node?(service: string): string;
}

/** What is known before anything of the stage starts. */
export interface Ground {
  readonly root: string;
  readonly watched: string;
  readonly ports: StagePorts;
}

/** Backends that answer with their port. */
export interface StagePorts {
  readonly innocent: number;
  /** That of all bystanders. */
  readonly others: number;
  /** Two for a trial's own use. */
  readonly first: number;
  readonly second: number;
  /** For new services: to register at the port of another one would take it from a server that is only held there. */
  readonly news: number;
}

/** One world: a catalog, the peer on trial with its Traefik, and backends. Everything on loopback ports of its own. */
export interface Stage {
  readonly peer: Peer;
  readonly product: Product;
  readonly consul: RealConsul;
  /** Of the catalog itself, Consul or Nomad. */
  readonly catalogUrl: string;
  /** Straight to the catalog, whatever stands between it and the peer; by Nomad as its jobs would do the same. */
  readonly catalog: CatalogClient;
  readonly proxy: FaultyProxy;
  readonly relay: Relay;
  readonly traefik: RealTraefik;
  /** The running one; the last one started. */
  readonly portolan: PortolanProcess;
  /** The log of each portolan of this stage so far, the earliest first. */
  logs(): readonly string[];
  readonly root: string;
  readonly watched: string;
  readonly chart: string;
  readonly stateDir: string;
  readonly settingsFile: string;
  readonly tokenFile: string;
  readonly ports: StagePorts;
  /** The ports of Traefik's further entry points, by name, in so far as the trial asks for them. */
  readonly entryPoints: ReadonlyMap<string, number>;
  /** Starts another portolan: with the same files unless others are given. Does not wait for its chart. */
  startPortolan(overrides?: PortolanOverrides): Promise<PortolanProcess>;
  killPortolan(): Promise<void>;
  /** Restarts Traefik; the probe does not count the time in between. */
  restartTraefik(): Promise<void>;
  /** The services, innocent and bystanders, that are not answered as they should be. */
  lost(): Promise<readonly string[]>;
  answers(host: string): ReturnType<typeof askOnce>;
}

export interface PortolanOverrides {
  readonly stateDir?: string;
  /** Another file than the chart that is looked at. */
  readonly output?: string;
  readonly settingsFile?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A program in place of the built one, by its path. */
  readonly program?: string;
}

export interface Tools {
  readonly consul: Tool;
  readonly traefik: Tool;
}

export interface OpenStage extends Stage {
  /** What restartTraefik does around Traefik's absence. */
  readonly absence: { begins(): Promise<void>; ends(): void };
  close(): Promise<void>;
}

/** Starts a world and waits until every service is answered. Ends what it has started if it fails. */
export async function openStage(peer: Peer, tools: Tools, options: StageOptions = {}): Promise<OpenStage> {
  const undo: (() => Promise<unknown>)[] = [];
  async function close(): Promise<void> {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(() => {});
  }
  try {
    const root = await mkdtemp(join(tmpdir(), "portolan-fault-"));
    undo.push(() => rm(root, { recursive: true, force: true }));
    const watched = join(root, "dynamic");
    const undoPreparation = options.prepare?.(root, watched);
    if (undoPreparation !== undefined) undo.push(async () => undoPreparation());
    await mkdir(watched, { recursive: true });
    await writeDefaultCertificate(watched, root);
    const backends: Backends = await startBackends(5);
    undo.push(() => backends.close());
    const [innocent, others, first, second, news] = backends.ports as [number, number, number, number, number];
    const ports: StagePorts = { innocent, others, first, second, news };
    const ground: Ground = { root, watched, ports };
    for (const [name, text] of Object.entries(options.files?.(ground) ?? {})) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
    const names = options.entryPoints ?? [];
    const free = await freePorts(names.length);
    const entryPoints = new Map(names.map((name, at) => [name, free[at] ?? 0]));

    const { product = "consul" } = options;
    const stageCatalog = await startStageCatalog(product, tools.consul, options);
    undo.push(() => stageCatalog.stop());
    const { client: catalog, url: catalogUrl } = stageCatalog;
    const token = await options.token?.(catalog);
    const tokenFile = join(root, "token");
    if (token !== undefined) await writeFile(tokenFile, token);
    await options.beforeStart?.({ ...ground, catalog });
    for (const service of [INNOCENT, ...BYSTANDERS]) {
      const isInnocent = service === INNOCENT;
      const own = isInnocent ? (options.tags ?? tagsOf(service)) : tagsOf(service);
      const tags = [...own, ...(isInnocent ? (options.moreTags ?? []) : [])];
      const node = options.node?.(service) ?? "node-1";
      await register(catalog, { service, node, port: isInnocent ? innocent : others, tags });
    }
    const relay = await startRelay(catalogUrl);
    undo.push(() => relay.close());
    const proxy = await startFaultyProxy(relay.url);
    undo.push(() => proxy.close());

    const settingsFile = join(root, "settings.yml");
    const watching = { connectionBudget: options.budget, wait: options.wait };
    await writeFile(settingsFile, JSON.stringify({ [product]: watching, ...options.settings?.(ground) }));
    const stateDir = join(root, "state");
    const chart = join(watched, "portolan.yml");
    const started: PortolanProcess[] = [];
    undo.push(async () => {
      for (const one of started) one.kill("SIGKILL");
      await Promise.all(started.map((one) => one.ended()));
    });
    async function start(overrides: PortolanOverrides = {}): Promise<PortolanProcess> {
      const { output = chart, settingsFile: settings = settingsFile } = overrides;
      const files = ["--settings", settings, "--output", output, "--state-dir", overrides.stateDir ?? stateDir];
      const environment = {
        ...(token === undefined ? {} : { CONSUL_HTTP_TOKEN_FILE: tokenFile }),
        ...options.environment?.(root),
        ...overrides.environment,
      };
      const one = await startPortolan(
        [stageCatalog.flag, options.isDirect === true ? catalogUrl : proxy.url, ...files],
        environment,
        overrides.program === undefined ? {} : { program: overrides.program },
      );
      started.push(one);
      return one;
    }
    if (peer === "portolan") await start();
    const traefik = await startRealTraefik(tools.traefik, {
      args: [
        ...(peer === "portolan" ? fileProvider(watched) : stageCatalog.providerFlags(proxy.url)),
        ...(peer === "portolan" || token === undefined ? [] : [`--providers.consulCatalog.endpoint.token=${token}`]),
        ...[...entryPoints].map(([name, port]) => `--entryPoints.${name}.address=127.0.0.1:${port}`),
        ...(options.traefikFlags?.(ground) ?? []),
      ],
      directories: [watched],
      logLevel: "INFO",
    });
    undo.push(() => traefik.stop());

    const absence = { begins: async () => {}, ends: () => {} };
    const answers = (host: string) => askOnce(traefik.url, host);
    const stage: OpenStage = {
      peer,
      product,
      get consul() {
        return stageCatalog.consul();
      },
      ...{ catalogUrl, catalog },
      proxy,
      relay,
      traefik,
      get portolan() {
        const last = started.at(-1);
        if (last === undefined) throw new Error("this stage has no portolan");
        return last;
      },
      logs: () => started.map((one) => one.log()),
      ...{ root, watched, chart, stateDir, settingsFile, tokenFile },
      ports,
      entryPoints,
      startPortolan: start,
      async killPortolan() {
        this.portolan.kill("SIGKILL");
        await this.portolan.ended();
      },
      async restartTraefik() {
        await absence.begins();
        await traefik.restart();
        absence.ends();
      },
      async lost() {
        const wrong: string[] = [];
        for (const service of [INNOCENT, ...BYSTANDERS]) {
          const { status, text } = await answers(hostOf(service));
          // The probe looks after the innocent service's backend.
          const isRight = status === 200 && (service === INNOCENT || text === String(others));
          if (!isRight) wrong.push(`${service} (${status === 200 ? `answer of ${text}` : status})`);
        }
        return wrong;
      },
      answers,
      absence,
      close,
    };
    await until(async () => (await stage.lost()).length === 0, {
      timeoutMs: 20_000,
      what: "every service to be answered",
      everyMs: 50,
    });
    return stage;
  } catch (error) {
    await close();
    throw error;
  }
}
