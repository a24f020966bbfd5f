import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** A catalog of one kind. */
interface Stage {
  readonly server: CatalogServer;
  register(service: string, port: number): void;
  deregister(service: string): void;
}

const tagsOf = (service: string) => [
  "traefik.enable=true",
  `traefik.http.routers.${service}.rule=Host(\`${service}.test\`)`,
];

const STAGES: Readonly<Record<string, () => Promise<Stage>>> = {
  async nomad() {
    const catalog = createNomadCatalog();
    return {
      server: await startNomadServer({ catalog }),
      register: (service, Port) => catalog.register({ ServiceName: service, ID: service, Port, Tags: tagsOf(service) }),
      deregister: (service) => catalog.deregister({ ID: service }),
    };
  },
  async consul() {
    const catalog = createCatalog();
    const node = { Node: "edge", Address: "127.0.0.1" };
    return {
      server: await startCatalogServer({ catalog }),
      register: (service, Port) =>
        catalog.register({ ...node, Service: { Service: service, Port, Tags: tagsOf(service) } }),
      deregister: (service) => catalog.deregister({ Node: node.Node, ServiceID: service }),
    };
  },
};

/** Each allocation of a job's has a directory of its own, and in it the agent's socket and the identity's token. */
describe.each(Object.keys(STAGES))("%s by the socket of an allocation", (kind) => {
  let site: Site;
  let stage: Stage;
  let portolan: PortolanProcess | undefined;
  let front: Server | undefined;
  beforeEach(async () => {
    site = await createSite();
    stage = await STAGES[kind]!();
  });
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    front?.close();
    front = undefined;
    await stage.server.close();
    await site.remove();
  });

  /** The agent listens on this socket, too. */
  async function listen(socket: string): Promise<void> {
    front = createServer((one) => {
      const upstream = connect(Number(new URL(stage.server.url).port), "127.0.0.1");
      one.pipe(upstream).pipe(one);
      for (const end of [one, upstream]) end.on("error", () => end.destroy());
    });
    const server = front;
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  }

  /** A new allocation, whose settings are written from its own directory. */
  async function allocate(isAgentThere: boolean): Promise<{ readonly socket: string }> {
    const secrets = await mkdtemp(join(dirname(site.watched), "alloc-"));
    const socket = join(secrets, "api.sock");
    await writeFile(join(secrets, "nomad_token"), "the-identity\n");
    const settings = await site.settings(
      `${kind}: { address: "unix://${socket}", tokenFile: ${join(secrets, "nomad_token")} }\n`,
    );
    if (isAgentThere) await listen(socket);
    portolan = await startPortolan([...["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir]]);
    return { socket };
  }

  const chartShows = async (port: number) => (await site.chartText().catch(() => "")).includes(`127.0.0.1:${port}`);
  const shows = (port: number) => until(() => chartShows(port), { timeoutMs: 15_000, what: `port ${port}` });

  /** The first allocation charts two services and ends; with its directory the socket goes. */
  async function chartAndEnd(): Promise<void> {
    stage.register("web", 24_001);
    stage.register("wiki", 24_002);
    const { socket } = await allocate(true);
    await shows(24_001);
    await shows(24_002);
    await portolan?.stop();
    front?.close();
    await rm(dirname(socket), { recursive: true });
    // A chart that is made again is made of the last good snapshot.
    await rm(site.chart);
  }

  async function goesOn(): Promise<void> {
    const { socket } = await allocate(false);
    await shows(24_001);
    expect(await chartShows(24_002)).toBe(true);
    expect(portolan?.log()).toContain("source.stored");
    stage.register("web", 25_001);
    stage.deregister("wiki");
    await listen(socket);
    await shows(25_001);
    await until(async () => !(await chartShows(24_002)), { timeoutMs: 15_000, what: "the end of the other service" });
    expect(portolan?.log()).not.toContain("settings-change");
  }

  test("the next allocation charts what was last good while the agent is away, and goes on with it", async () => {
    await chartAndEnd();
    await goesOn();
  });

  test("so does an allocation on the state of an earlier version, which has the path of the socket in it", async () => {
    await chartAndEnd();
    let replaced = 0;
    for (const name of await readdir(site.stateDir)) {
      if (!name.endsWith(".json")) continue;
      const path = join(site.stateDir, name);
      const text = await readFile(path, "utf8");
      const older = text.replaceAll(`${kind} unix:// `, `${kind} unix:///opt/alloc/5f1c2c4e/secrets/api.sock `);
      if (older !== text) replaced += 1;
      await writeFile(path, older);
    }
    expect(replaced).toBe(2);
    await goesOn();
  });
});
