import { chmod, chown, readdir, readFile, readlink, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, type ProcessOptions, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, openToUsers, type Site } from "./site.ts";

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

let site: Site;
let server: CatalogServer;
let portolan: PortolanProcess | undefined;

beforeEach(async () => {
  site = await createSite();
  const catalog = createCatalog();
  const Service = { ID: "web", Service: "web", Port: 24_001, Tags: ["traefik.enable=true"] };
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service });
  server = await startCatalogServer({ catalog });
  await openToUsers(site);
});
afterEach(async () => {
  portolan?.kill("SIGKILL");
  await portolan?.ended();
  portolan = undefined;
  await server.close();
  await site.remove();
});

async function started(options: ProcessOptions): Promise<PortolanProcess> {
  const files = ["--output", site.chart, "--state-dir", site.stateDir];
  portolan = await startPortolan(["--consul-addr", server.url, ...files], {}, options);
  await until(async () => (await site.chartText()).includes('"web"'), { timeoutMs: 10_000, what: "the chart" });
  await until(async () => (await readdir(site.stateDir)).includes("control.sock"), { timeoutMs: 5_000, what: "it" });
  return portolan;
}

function warningsOf({ events }: PortolanProcess): readonly unknown[] {
  return events().filter(({ level }) => level === "warn" || level === "error");
}

describe.skipIf(!isRoot)("as an ordinary user without any capability", () => {
  beforeEach(async () => {
    for (const path of [site.watched, site.stateDir]) await chown(path, NOBODY.uid, NOBODY.gid);
  });

  test("it publishes, keeps its state, takes orders, and has nothing to complain about", async () => {
    const running = await started({ user: NOBODY });
    const status = await readFile(`/proc/${running.pid}/status`, "utf8");
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    const chart = await stat(site.chart);
    expect([chart.uid, chart.gid, (chart.mode & 0o7777).toString(8)]).toEqual([NOBODY.uid, NOBODY.gid, "640"]);
    expect(await runPortolan(["rollback", "--state-dir", site.stateDir])).toMatchObject({ code: 0 });
    expect(warningsOf(running)).toEqual([]);
    expect(await running.stop()).toBe(0);
  });

  test("it holds no file open while nothing changes", async () => {
    const running = await started({ user: NOBODY });
    const openFiles = async () => {
      const numbers = await readdir(`/proc/${running.pid}/fd`);
      const held = await Promise.all(numbers.map((fd) => readlink(`/proc/${running.pid}/fd/${fd}`).catch(() => "")));
      return held.filter((name) => !/^(?:|\/dev\/null|(?:socket|pipe):\[\d+\]|anon_inode:.*)$/.test(name));
    };
    // The state of the first chart may still be on its way to the disk.
    await until(async () => (await openFiles()).length === 0, { timeoutMs: 5_000, what: "its files to be closed" });
  });

  test("it says before the first write that no other user could read the chart", async () => {
    await chmod(site.watched, 0o700);
    const running = await started({ user: NOBODY });
    expect(warningsOf(running)).toEqual([
      expect.objectContaining({
        event: "chart.warning",
        msg: expect.stringContaining("only its owner and root"),
      }),
    ]);
  });
});
