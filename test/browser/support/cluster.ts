import { chown } from "node:fs/promises";
import {
  type Catalog,
  type CatalogServer,
  createCatalog,
  startCatalogServer,
} from "../../../src/simulator/simulator.ts";
import { createSite, openToUsers, type Site } from "../../integration/site.ts";
import { until } from "../../support/await-until.ts";
import { freePorts } from "../../support/free-port.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../../support/portolan-process.ts";

/** A service of one instance, as a test registers it. */
export interface Registered {
  readonly service: string;
  /** Default: of service and port. */
  readonly id?: string;
  /** Default: one of the dynamic range. */
  readonly port?: number;
  /** Default: those of a router of the service's name for the host SERVICE.test. */
  readonly tags?: readonly string[];
  readonly node?: string;
  readonly status?: "passing" | "critical";
}

/** An embedded catalog, and the built program that charts it. */
export interface Cluster {
  /** Of the page: where the program listens, also after a restart. */
  readonly url: string;
  readonly catalog: Catalog;
  readonly catalogServer: CatalogServer;
  readonly site: Site;
  register(instance: Registered): void;
  deregister(instance: Pick<Registered, "service" | "id" | "port" | "node">): void;
  /** Of the program's process. */
  pid(): number;
  /** Ends the program, whose address stays its own. */
  endPortolan(): Promise<void>;
  startPortolan(): Promise<PortolanProcess>;
  /** What a command of the program prints that asks the one that runs. */
  command(...words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** What is registered at the start: two that are routed, one with a slip in a tag, one on a port of the infrastructure. */
export const AT_START: readonly Registered[] = [
  { service: "shop", port: 24_001, node: "node-1" },
  { service: "api", port: 24_002, node: "node-2" },
  {
    service: "wiki",
    port: 24_003,
    tags: ["traefik.enable=true", "traefik.http.routers.wiki.ruel=Host(`wiki.test`)"],
  },
  { service: "powerdns", port: 8_081, node: "node-3" },
];

/** An ordinary user, whom rights on files bind. */
const ORDINARY = { uid: 65_534, gid: 65_534 };

/** @param isOrdinaryUser the program runs as a user whom rights on files bind, also where root runs the tests */
export async function startCluster(
  instances: readonly Registered[] = AT_START,
  settings: Readonly<Record<string, unknown>> = {},
  { isOrdinaryUser = false }: { readonly isOrdinaryUser?: boolean } = {},
): Promise<Cluster> {
  const site = await createSite();
  const isOther = isOrdinaryUser && process.getuid?.() === 0;
  if (isOther) {
    await openToUsers(site);
    for (const path of [site.watched, site.stateDir]) await chown(path, ORDINARY.uid, ORDINARY.gid);
  }
  const catalog = createCatalog();
  const register = (instance: Registered) => void catalog.register(registration(instance));
  for (const instance of instances) register(instance);
  const catalogServer = await startCatalogServer({ catalog });
  const [port] = await freePorts(1);
  const listen = `127.0.0.1:${port}`;
  const file = await site.settings(JSON.stringify({ publish: { quiet: "10ms" }, ...settings }));
  const places = ["--output", site.chart, "--state-dir", site.stateDir, "--consul-addr", catalogServer.url];
  const start = () =>
    startPortolan(["--settings", file, ...places, "--listen", listen], {}, isOther ? { user: ORDINARY } : {});
  const url = `http://${listen}`;
  let portolan: PortolanProcess | undefined;
  const stop = async () => {
    await portolan?.stop();
    await catalogServer.close();
    await site.remove();
  };
  try {
    portolan = await start();
    await until(async () => (await fetch(`${url}/readyz`)).ok, {
      timeoutMs: 50_000,
      what: "the first chart",
      everyMs: 50,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  let running = portolan;
  return {
    url,
    catalog,
    catalogServer,
    site,
    register,
    deregister: (instance) => void catalog.deregister({ Node: instance.node ?? "node-1", ServiceID: idOf(instance) }),
    pid: () => running.pid,
    async endPortolan() {
      await running.stop();
    },
    async startPortolan() {
      running = await start();
      portolan = running;
      return running;
    },
    async command(...words) {
      const { stdout } = await runPortolan([...words, "--listen", listen]);
      return stdout;
    },
    stop,
  };
}

const idOf = ({ service, port = 24_000, id = `${service}-${port}` }: Pick<Registered, "service" | "port" | "id">) => id;

function registration(instance: Registered): Parameters<Catalog["register"]>[0] {
  const { service, port = 24_000, node = "node-1", status = "passing" } = instance;
  const { tags = ["traefik.enable=true", `traefik.http.routers.${service}.rule=Host(\`${service}.test\`)`] } = instance;
  const id = idOf(instance);
  return {
    Node: node,
    Address: "127.0.0.1",
    Service: { ID: id, Service: service, Address: "127.0.0.1", Port: port, Tags: tags },
    Check: { CheckID: `check-${id}`, Name: `${service} answers`, Status: status, ServiceID: id },
  };
}
