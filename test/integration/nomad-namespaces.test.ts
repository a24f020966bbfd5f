import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Backends, startBackends } from "../../bench/backends.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, type Site } from "./site.ts";

const traefikTool = await findTool("traefik");

/** All namespaces of one Nomad behind a real Traefik: a tenant of one, and an innocent service of another. */
describe.skipIf(traefikTool === undefined)("two namespaces of one Nomad", () => {
  let site: Site;
  let catalog: NomadCatalog;
  let server: CatalogServer;
  let backends: Backends;
  let traefik: RealTraefik;
  let portolan: PortolanProcess | undefined;

  beforeEach(async () => {
    site = await createSite();
    catalog = createNomadCatalog();
    server = await startNomadServer({ catalog });
    backends = await startBackends(3);
    traefik = await startRealTraefik(traefikTool!, { args: fileProvider(site.watched), directories: [site.watched] });
  }, 60_000);
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    await traefik.stop();
    await Promise.all([server.close(), backends.close()]);
    await site.remove();
  });

  const port = (at: number): number => backends.ports[at] ?? 0;

  function register(Namespace: string, ServiceName: string, Port: number, host: string): void {
    const Tags = [
      "traefik.enable=true",
      `traefik.http.routers.${ServiceName}.rule=Host(\`${host}\`)`,
      `traefik.http.services.${ServiceName}.loadbalancer.server.scheme=http`,
    ];
    catalog.register({ ServiceName, Namespace, Port, Tags, JobID: `${ServiceName}-${Namespace}` });
  }

  async function start(namespaces = '"*"'): Promise<void> {
    const settings = await site.settings(`nomad: { namespace: ${namespaces} }\n`);
    const files = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
    portolan = await startPortolan(["--nomad-addr", server.url, ...files]);
  }

  const answered = (host: string, by: number) =>
    until(async () => (await ask(traefik.url, host)).text === String(by), { what: host, timeoutMs: 15_000 });

  /** Who answers of fifty requests in a row. */
  async function answersAt(host: string): Promise<ReadonlySet<string>> {
    const all = new Set<string>();
    for (let i = 0; i < 50; i += 1) all.add((await ask(traefik.url, host)).text);
    return all;
  }

  test.each([["default"], ["staging"]])(
    "a service that is copied tag by tag into another namespace gets no request of the first one's, that of %s",
    async (namespaceOfFirst) => {
      const isDefault = namespaceOfFirst === "default";
      const own = () => register("default", "shop", port(0), "shop.test");
      const copy = () => register("staging", "shop", port(1), "shop.test");
      if (isDefault) own();
      await start();
      if (isDefault) await answered("shop.test", port(0));
      copy();
      if (!isDefault) {
        await answered("shop.test", port(1));
        own();
      }
      register("default", "wiki", port(2), "wiki.test");
      await answered("wiki.test", port(2));
      const owner = isDefault ? port(0) : port(1);
      expect(await answersAt("shop.test")).toEqual(new Set([String(owner)]));
      await portolan?.stop();
      await start();
      register("default", "late", port(2), "late.test");
      await answered("late.test", port(2));
      expect(await answersAt("shop.test")).toEqual(new Set([String(owner)]));
    },
    60_000,
  );

  test.each([['"*"'], ["[default, staging]"]])(
    "a token that loses a namespace takes nothing from its services, over a restart, too: of %s",
    async (namespaces) => {
      register("default", "shop", port(0), "shop.test");
      register("staging", "wiki", port(1), "wiki.test");
      await start(namespaces);
      await answered("wiki.test", port(1));
      catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
      register("default", "new", port(2), "new.test");
      await answered("new.test", port(2));
      expect(await answersAt("wiki.test")).toEqual(new Set([String(port(1))]));
      await portolan?.stop();
      await start(namespaces);
      register("default", "late", port(2), "late.test");
      await answered("late.test", port(2));
      expect(await answersAt("wiki.test")).toEqual(new Set([String(port(1))]));
      // In the namespace that it may read what has gone is gone.
      catalog.deregister({ ID: "_nomad-task-alloc-of-new-default-group-new-default-new-http" });
      await until(async () => (await ask(traefik.url, "new.test")).status === 503, {
        what: "the end",
        timeoutMs: 15_000,
      });
    },
    60_000,
  );
});
