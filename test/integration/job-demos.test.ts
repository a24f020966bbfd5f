import { createHash } from "node:crypto";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compareBytes } from "../../src/go/byte-order.ts";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type Job, readJob, type TaskGroup } from "../support/job-files.ts";
import { runPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { createSite, type Site } from "./site.ts";

const tool = await findTool("jobspec");

const OF_CONSUL_AND_NOMAD = ["web", "microservice", "tcp", "udp", "canary", "zero"];

interface ChartedService {
  readonly loadBalancer?: { readonly servers: readonly object[] };
}
interface ChartOfProtocol {
  readonly routers?: Readonly<Record<string, unknown>>;
  readonly services?: Readonly<Record<string, ChartedService | undefined>>;
}
type Chart = Readonly<Record<string, ChartOfProtocol | undefined>>;

describe.skipIf(tool === undefined)("the services of nomad-jobs/demo, all at once, are charted", () => {
  let consulServer: CatalogServer;
  let consul: CatalogClient;
  let nomad: NomadCatalog;
  let nomadServer: CatalogServer;
  let site: Site;
  let nextPort = 24_000;

  beforeEach(async () => {
    consulServer = await startCatalogServer({ catalog: createCatalog() });
    consul = createCatalogClient(consulServer.url);
    nomad = createNomadCatalog();
    nomadServer = await startNomadServer({ catalog: nomad });
    site = await createSite();
    nextPort = 24_000;
  });
  afterEach(async () => {
    await Promise.all([consulServer.close(), nomadServer.close()]);
    await site.remove();
  });

  async function demo(name: string, provider: string): Promise<Job> {
    if (tool === undefined) throw new Error("skipped without jobspec");
    const image = name === "microservice" || name === "windmill" ? { image: "example:1" } : {};
    return await readJob(tool, `demo/${name}.nomad.hcl`, {
      ...image,
      ...(name === "windmill" ? {} : { provider }),
    });
  }

  /** Places one allocation of a group, and registers its services as a client of Nomad's does. */
  async function place(job: Job, group: TaskGroup, index: number, isCanary: boolean): Promise<void> {
    const digest = createHash("sha256").update(`${job.ID}.${group.Name}.${index}`).digest("hex");
    const ID = [0, 8, 12, 16, 20].map((from, at, all) => digest.slice(from, all[at + 1] ?? 32)).join("-");
    const labels = (group.Networks ?? []).flatMap(({ DynamicPorts }) => DynamicPorts ?? []);
    const Ports = labels.map(({ Label }) => ({ Label, Value: nextPort++ }));
    const DeploymentStatus = { Canary: isCanary, Healthy: true };
    nomad.placeAllocation({ ID, JobID: job.ID, TaskGroup: group.Name, DeploymentStatus, Ports });
    for (const { Name, PortLabel, Provider, Tags, CanaryTags, Checks } of group.Services ?? []) {
      const Port = Ports.find(({ Label }) => Label === PortLabel)?.Value ?? 0;
      expect(Port, `${Name} has no port ${PortLabel}`).toBeGreaterThan(0);
      const tags = (isCanary ? (CanaryTags ?? Tags) : Tags) ?? [];
      const id = `_nomad-task-${ID}-group-${group.Name}-${Name}-${PortLabel}`;
      if (Provider === "nomad") {
        nomad.register({ ID: id, AllocID: ID, JobID: job.ID, ServiceName: Name, Port, Tags: tags });
        if ((Checks ?? []).length > 0) nomad.setCheck(ID, { Service: Name, Status: "success" });
      } else {
        await consul.register({
          Node: "embedded",
          Address: "127.0.0.1",
          Service: { ID: id, Service: Name, Port, Tags: tags },
          Check: { CheckID: `check-${id}`, Name: "it answers", Status: "passing", ServiceID: id },
        });
      }
    }
  }

  async function run(job: Job): Promise<void> {
    for (const group of job.TaskGroups) {
      for (let index = 0; index < group.Count; index += 1) await place(job, group, index, false);
      const hasCanary = (group.Services ?? []).some(({ CanaryTags }) => CanaryTags !== null);
      if (hasCanary) await place(job, group, group.Count, true);
    }
  }

  const NAMES_OF_ROUTERS = {
    http: ["orders", "orders-grpc", "shop", "shop-canary", "tool", "web"],
    tcp: ["cache"],
    udp: ["resolver"],
  };

  test.each([
    ["consul", [...OF_CONSUL_AND_NOMAD, "windmill"]],
    ["nomad", OF_CONSUL_AND_NOMAD],
  ])("from %s", async (provider, names) => {
    for (const name of names) await run(await demo(name, provider));
    // As portolan.nomad.hcl has it.
    const more = provider === "consul" ? `schedulers: [{ address: "${nomadServer.url}" }]\n` : "";
    const settings = await site.settings(`traefik: { defaultEntryPoints: [web, websecure] }\n${more}`);
    const address = provider === "consul" ? ["--consul-addr", consulServer.url] : ["--nomad-addr", nomadServer.url];
    const flags = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
    const { code, stderr } = await runPortolan(["once", ...flags, ...address, "--log-format", "json"]);
    expect(code, stderr).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("diagnostic.found"))).toEqual([]);

    const chart = load(await site.chartText()) as Chart;
    const routers = (protocol: string) => Object.keys(chart[protocol]?.routers ?? {}).toSorted(compareBytes);
    const withWindmill = provider === "consul" ? [...NAMES_OF_ROUTERS.http, "windmill"] : NAMES_OF_ROUTERS.http;
    expect(routers("http")).toEqual(withWindmill);
    expect(routers("tcp")).toEqual(NAMES_OF_ROUTERS.tcp);
    expect(routers("udp")).toEqual(NAMES_OF_ROUTERS.udp);

    const servers = (service: string) => chart["http"]?.services?.[service]?.loadBalancer?.servers ?? [];
    expect(servers("web")).toHaveLength(2);
    expect(servers("orders-grpc")).toEqual([
      { url: expect.stringMatching(/^h2c:\/\/127\.0\.0\.1:24\d+$/) },
      { url: expect.stringMatching(/^h2c:\/\/127\.0\.0\.1:24\d+$/) },
    ]);
    // A tenth for the canary, the rest for the two stable instances.
    expect(JSON.stringify(chart["http"]?.services)).toContain('"weight":10');
    // Metrics and health of the microservice are nobody's backends.
    expect(JSON.stringify(chart)).not.toMatch(/orders-(?:metrics|health)/);
  });

  test("the one that sleeps keeps its router at no instance, and another one that is scaled to zero does not", async () => {
    for (const name of ["web", "zero", "canary"]) await run(await demo(name, "nomad"));
    const once = async () => {
      const settings = await site.settings("routes: { zeroInstanceGrace: 0s }\n");
      const flags = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
      const { code, stderr } = await runPortolan(["once", ...flags, "--nomad-addr", nomadServer.url]);
      expect(code, stderr).toBe(0);
      const { http } = load(await site.chartText()) as Chart;
      return { routers: Object.keys(http?.routers ?? {}).toSorted(compareBytes), services: http?.services ?? {} };
    };
    expect((await once()).routers).toEqual(["shop", "shop-canary", "tool", "web"]);
    for (const { ID, ServiceName } of [...nomad.state.services.rows()]) {
      if (ServiceName === "web" || ServiceName === "tool") nomad.deregister({ ID });
    }
    const { routers, services } = await once();
    expect(routers).toEqual(["shop", "shop-canary", "tool"]);
    expect(services["tool"]?.loadBalancer?.servers).toEqual([]);
  });
});
