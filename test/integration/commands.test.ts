import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

describe("commands and their exit codes", () => {
  let site: Site;
  let server: CatalogServer;
  const catalog = createCatalog();
  catalog.register({
    Node: "node-1",
    Address: "127.0.0.1",
    Service: { Service: "web", Port: 24_000, Tags: ["traefik.enable=true"] },
  });

  beforeEach(async () => {
    site = await createSite();
    server = await startCatalogServer({ catalog });
  });
  afterEach(async () => {
    await server.close();
    await site.remove();
  });

  const outputs = () => ["--output", site.chart, "--state-dir", site.stateDir];

  test("once writes the chart and ends with 0; a second time it changes nothing", async () => {
    const first = await runPortolan(["once", "--consul-addr", server.url, ...outputs()]);
    expect(first).toMatchObject({ code: 0, stdout: "" });
    const text = await site.chartText();
    expect(text).toContain('"web": {"rule":"Host(`web`)","service":"web"}');
    const second = await runPortolan(["once", "--consul-addr", server.url, ...outputs()]);
    expect(second.code).toBe(0);
    expect(second.stderr).not.toContain("route.");
    expect(await site.chartText()).toBe(text);
  });

  /** A file with mistakes: 3,000 of them are told in more than a pipe takes at once, which is 64 KiB. */
  function mistakes(length: number): Promise<string> {
    const routers = Object.fromEntries(
      Array.from({ length }, (_, at) => [`r${at}`, { rule: "Host(`a`", service: "s" }]),
    );
    return site.settings(JSON.stringify({ http: { routers } }));
  }

  test("a pipe gets all that is printed", async () => {
    const { code, stdout } = await runPortolan(["check", "chart", await mistakes(20_000)]);
    expect({ code, lines: stdout.match(/RULE_SYNTAX/g)?.length }).toEqual({ code: 1, lines: 20_000 });
    expect(stdout).toMatch(/\n$/);
  });

  test.each(["true", "head -c 100"])(
    "where what is printed goes to `%s`, a command ends without a word",
    async (reader) => {
      const file = await mistakes(3_000);
      const script = `{ "$0" "$1" check chart "$2"; echo "code $?" >&2; } | ${reader} >"$2.read"`;
      const { stderr } = spawnSync("sh", ["-c", script, process.execPath, MAIN, file], { encoding: "utf8" });
      expect(stderr).toBe("code 1\n");
    },
  );

  test("a full disk is told of in one line", () => {
    const { status, stderr } = spawnSync("sh", ["-c", '"$0" "$1" help >/dev/full', process.execPath, MAIN], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "portolan: standard output cannot be written (ENOSPC)\n" });
  });

  test("the environment names the catalog, and an empty variable counts as unset", async () => {
    const env = { CONSUL_HTTP_ADDR: server.url, CONSUL_HTTP_TOKEN: "" };
    expect((await runPortolan(["once", ...outputs()], env)).code).toBe(0);
  });

  describe("--consul-addr and CONSUL_HTTP_ADDR mean the same", () => {
    const host = () => server.url.replace("http://", "");
    const elsewhere = "consul: { address: 'http://127.0.0.1:1' }\n";
    test.each<[string, readonly string[], number]>([
      ["once", ["once"], 0],
      ["ports", ["ports", "--format", "json"], 0],
      ["ports ask", ["ports", "ask", "24000", "--node", "node-1"], 1],
      ["ledger", ["ledger"], 0],
      ["firewall", ["firewall"], 0],
    ])("to %s, with and without a scheme, above the settings", async (_, command, ends) => {
      const file = await site.settings(
        `${elsewhere}output: { file: dynamic/portolan.yml }\nstateDir: state\nports: { ledger: ledger.yml }\n`,
      );
      await site.beside("ledger.yml", "ports: []\n");
      const args = [...command, "--settings", file];
      // It listens to signals and writes a log.
      const end = command[0] === "once" ? runPortolan : endHere;
      const first = await end([...args, "--consul-addr", server.url]);
      expect(first.stderr).not.toContain("could not be read");
      expect(first.code).toBe(ends);
      const others = [
        await end([...args, "--consul-addr", host()]),
        await end(args, { CONSUL_HTTP_ADDR: server.url }),
        await end(args, { CONSUL_HTTP_ADDR: host() }),
        await end([...args, "--consul-addr", server.url], { CONSUL_HTTP_ADDR: "127.0.0.1:1" }),
      ];
      for (const { code, stdout } of others)
        expect({ code, stdout }).toEqual({ code: first.code, stdout: first.stdout });
    });
  });

  test("plan beside a running portolan says no change (0), then what the next pass publishes (2); it writes nothing", async () => {
    const args = ["--consul-addr", server.url, ...outputs()];
    const daemon = await startPortolan(args);
    await until(() => daemon.log().includes("route.added"), { timeoutMs: 10_000, what: "the first chart" });
    const same = await endHere(["plan", ...args]);
    expect(same).toEqual({ code: 0, stdout: `${site.chart}\n\nNo changes.\n`, stderr: "" });
    expect(await daemon.stop()).toBe(0);
    const wiki = { Service: "wiki", Port: 24_001, Tags: ["traefik.enable=true"] };
    catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: wiki });
    const before = await site.chartText();
    const news = await endHere(["plan", "--json", ...args]);
    expect(news.code).toBe(2);
    expect(JSON.parse(news.stdout)).toMatchObject({ charts: [{ routers: [{ router: "wiki", kind: "added" }] }] });
    expect(await site.chartText()).toBe(before);
    expect((await runPortolan(["once", ...args])).code).toBe(0);
    expect(await site.chartText()).toContain('"wiki": {"rule":"Host(`wiki`)","service":"wiki"}');
    catalog.deregister({ Node: "node-1", ServiceID: "wiki" });
  });

  test("bad settings: every problem at once, exit code 78, nothing written", async () => {
    const settings = await site.settings("ports: { dynamic: 40000-3 }\nbogus: 1\nlog: { level: loud }\n");
    const addresses = ["--consul-addr", server.url, "--nomad-addr", "http://127.0.0.1:4646"];
    const result = await runPortolan(["run", "--settings", settings, ...addresses]);
    expect(result.code).toBe(78);
    for (const part of ["ports.dynamic", "bogus", "log.level", "output", "stateDir", "--nomad-addr"]) {
      expect(result.stderr).toContain(part);
    }
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(await site.files()).toEqual([]);
  });

  test("once leaves a file alone that a living portolan keeps up to date: exit code 73", async () => {
    const daemon = await startPortolan(["--consul-addr", server.url, ...outputs()]);
    await until(() => daemon.log().includes("source.watching"), { timeoutMs: 10_000, what: "the daemon to watch" });
    const others = ["--output", site.chart, "--state-dir", `${site.stateDir}-other`];
    const result = await runPortolan(["once", "--consul-addr", server.url, ...others]);
    expect(result.code).toBe(73);
    expect(result.stderr).toContain("is kept up to date by another portolan, pid ");
    expect(await daemon.stop()).toBe(0);
    expect((await runPortolan(["once", "--consul-addr", server.url, ...others])).code).toBe(0);
  });

  test("a file that is not ours is never overwritten: exit code 78", async () => {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(site.chart, "http:\n  routers: {}\n");
    const result = await runPortolan(["once", "--consul-addr", server.url, ...outputs()]);
    expect(result.code).toBe(78);
    expect(result.stderr).toContain(site.chart);
    expect(await site.chartText()).toBe("http:\n  routers: {}\n");
  });

  test("an unknown command or flag: exit code 64, with what is known", async () => {
    expect(await runPortolan(["rnu"])).toMatchObject({ code: 64, stderr: expect.stringContaining("known: run, once") });
    const flag = await runPortolan(["run", "--ouput", "x"]);
    expect(flag).toMatchObject({ code: 64, stderr: expect.stringContaining("--output") });
  });

  test("version and help go to standard output", async () => {
    expect((await runPortolan(["version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await runPortolan(["--help"])).stdout).toContain("portolan COMMAND");
    expect((await runPortolan(["run", "--help"])).stdout).toContain("--consul-addr URL");
  });
});
