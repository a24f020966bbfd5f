import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { createSite, registerService, type Site } from "./site.ts";

const consulTool = await findTool("consul");

/** `portolan routes --watch`, as a person has it in a second terminal. */
function watchRoutes(listen: string) {
  const child = spawn(process.execPath, [MAIN, "routes", "--watch", "--listen", listen]);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    stdout += part;
  });
  return {
    stdout: () => stdout,
    /** As Ctrl-C does; the exit code. */
    async interrupt() {
      child.kill("SIGINT");
      await once(child, "close");
      return child.exitCode;
    },
  };
}

const MAIN = join(import.meta.dirname, "../../dist/main.js");
const NAMES = Array.from({ length: 10 }, (_, number) => `service-${number + 1}`);

describe.skipIf(consulTool === undefined)("orders to a portolan on real Consul", () => {
  let site: Site;
  let consul: RealConsul;
  let catalog: CatalogClient;
  let portolan: PortolanProcess;

  const charts = (names: readonly string[]) => async () => {
    const routers = [...(await site.chartText()).matchAll(/"(service-\d+)": \{"rule"/g)].map(([, name]) => name);
    return routers.length === names.length && names.every((name) => routers.includes(name));
  };
  const start = async () => {
    const args = ["--consul-addr", consul.url, "--output", site.chart, "--state-dir", site.stateDir];
    const settings = "guard: { confirmAfter: 10m }\nroutes: { zeroInstanceGrace: 1s }\n";
    portolan = await startPortolan([...args, "--settings", await site.settings(settings)]);
  };
  const order = (...words: readonly string[]) => endHere([...words, "--state-dir", site.stateDir]);

  beforeEach(async () => {
    site = await createSite();
    consul = await startRealConsul(consulTool!);
    catalog = createCatalogClient(consul.url);
    for (const name of NAMES) await registerService(catalog, name, site.backendPort);
    await start();
    await until(charts(NAMES), { timeoutMs: 15_000, what: "the chart" });
  });
  afterEach(async () => {
    portolan.kill("SIGKILL");
    await portolan.ended();
    await consul.stop();
    await site.remove();
  });

  test("what is held leaves on release, which the log ascribes to the operator; the web listener takes no orders", async () => {
    await catalog.deregister({ Node: "node-1" });
    await until(() => portolan.log().includes("chart.held"), { timeoutMs: 10_000, what: "the hold" });
    expect(await charts(NAMES)()).toBe(true);
    expect((await fetch(`${portolan.url}/v1/release`, { method: "POST" })).status).toBe(405);

    expect(await order("release", "servise-9")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "service-9"?'),
    });
    expect(await order("release", "--kept", "service-9")).toMatchObject({ code: 64 });
    expect(await order("release", "service-9")).toMatchObject({
      code: 0,
      stdout: "released (main: mass-removal): service-9\n",
    });
    await until(charts(NAMES.filter((name) => name !== "service-9")), { timeoutMs: 10_000, what: "one alone to go" });
    const released = await order("release");
    expect(released).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^released \(main: mass-removal\): .*service-8/),
    });
    await until(charts([]), { timeoutMs: 10_000, what: "the end of the grace" });
    const told = portolan.events().find(({ event }) => event === "chart.released");
    expect(told).toMatchObject({ kind: "mass-removal", by: "hand" });
    expect(await order("release")).toMatchObject({ code: 0, stdout: "", stderr: "nothing is held\n" });

    expect(await portolan.stop()).toBe(0);
    expect(await order("release")).toMatchObject({ code: 69, stderr: expect.stringContaining("control.sock") });
  });

  test("an earlier chart is published again; news waits for the release, over a restart as well", async () => {
    const watching = watchRoutes(new URL(portolan.url).host);
    await until(() => watching.stdout().includes("service-9"), { timeoutMs: 10_000, what: "the table" });
    await registerService(catalog, "service-11", site.backendPort);
    await until(() => watching.stdout().includes("route service-11 came"), { timeoutMs: 10_000, what: "the event" });
    expect(await watching.interrupt()).toBe(0);
    await until(charts([...NAMES, "service-11"]), { timeoutMs: 10_000, what: "the newcomer" });
    const list = await order("rollback");
    const version = /^main +(\d+) /m.exec(list.stdout.split("\n").slice(2).join("\n"))?.[1] ?? "";
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/^main +\d+ .* 1 added: service-11$/m) });
    expect(await order("rollback", "999")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no version 999"),
    });
    expect(await order("rollback", "one")).toMatchObject({ code: 64 });
    const listen = ["--listen", new URL(portolan.url).host];
    const history = await endHere(["history", ...listen]);
    expect(history).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ .* 1 added: service-11$/m) });
    const newest = /^(\d+) /m.exec(history.stdout)?.[1] ?? "";
    const change = await endHere(["history", newest, ...listen]);
    expect(change).toMatchObject({ code: 0, stdout: expect.stringContaining("+ router service-11") });
    const undone = await endHere(["rollback", "--diff", version, ...listen]);
    expect(undone).toMatchObject({ code: 0, stdout: expect.stringContaining("- router service-11") });
    expect(await order("rollback", version)).toMatchObject({ code: 0 });
    await until(charts(NAMES), { timeoutMs: 10_000, what: "the earlier chart" });

    const withheld = (count: number) => async () => {
      const { chart } = JSON.parse(await (await fetch(`${portolan.url}/v1/status`)).text());
      return chart.rollback?.version === Number(version) && chart.rollback.withheldChanges === count;
    };
    await registerService(catalog, "service-12", site.backendPort);
    await until(withheld(2), { timeoutMs: 10_000, what: "the news to be worked out" });
    expect(await charts(NAMES)()).toBe(true);
    const ready = await fetch(`${portolan.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toContain("2 changes wait for portolan release");

    expect(await portolan.stop()).toBe(0);
    await start();
    await until(withheld(2), { timeoutMs: 10_000, what: "the rollback after the restart" });
    expect(await charts(NAMES)()).toBe(true);
    expect(portolan.events().some(({ event }) => event === "chart.rolled-back")).toBe(true);

    // Without the state directory, by the listener's word.
    expect(await endHere(["release", "--listen", new URL(portolan.url).host])).toMatchObject({
      code: 0,
      stdout: `released (main: rollback): version ${version}\n`,
    });
    await until(charts([...NAMES, "service-11", "service-12"]), { timeoutMs: 10_000, what: "the news" });
  });
});
