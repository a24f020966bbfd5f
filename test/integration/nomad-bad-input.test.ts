import { rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** Each mistake is told once, with a remedy that works as it is written; nothing that is charted is lost meanwhile. */
describe("what Nomad refuses", () => {
  let site: Site;
  let catalog: NomadCatalog;
  let server: CatalogServer;
  let portolan: PortolanProcess | undefined;
  let front: Server | undefined;
  beforeEach(async () => {
    site = await createSite();
    catalog = createNomadCatalog();
    server = await startNomadServer({ catalog });
    register("web", 24_001);
  });
  afterEach(async () => {
    await portolan?.stop();
    portolan = undefined;
    front?.close();
    front = undefined;
    await server.close();
    await site.remove();
  });

  function register(ServiceName: string, Port: number): void {
    const Tags = ["traefik.enable=true", `traefik.http.routers.${ServiceName}.rule=Host(\`${ServiceName}.test\`)`];
    catalog.register({ ServiceName, ID: ServiceName, Port, Tags });
  }

  const token = () => join(dirname(site.watched), "nomad_token");

  async function start(nomad: string): Promise<void> {
    const settings = await site.settings(`nomad: { tokenFile: ${token()}, ${nomad} }\n`);
    const files = ["--settings", settings, "--output", site.chart, "--state-dir", site.stateDir];
    portolan = await startPortolan(files);
  }

  const chartShows = async (port: number) => (await site.chartText().catch(() => "")).includes(`127.0.0.1:${port}`);
  const shows = (port: number) => until(() => chartShows(port), { timeoutMs: 20_000, what: `port ${port}` });
  const failures = () => portolan?.events().filter(({ event }) => event === "source.failing") ?? [];
  const failed = () => until(() => failures().length > 0, { timeoutMs: 10_000, what: "a word about it" });
  const readiness = async () => {
    const answer = await fetch(`${portolan?.url}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };

  /** The namespace of the rule that a message asks for, as a policy would give it. */
  function granted(message: unknown): string {
    const rule = /namespace "([^"]+)" \{ capabilities = \["read-job"\] \}/.exec(String(message));
    return rule?.[1] ?? "";
  }

  test("a token that is narrowed while it is in use: routes stay, readiness says why, and the rule that is told mends it", async () => {
    await writeFile(token(), "the-token", { mode: 0o600 });
    catalog.setTokens(new Map([["the-token", { readJob: ["default"] }]]));
    await start(`address: "${server.url}"`);
    await shows(24_001);
    catalog.setTokens(new Map([["the-token", {}]]));
    // The long poll that is open goes on with the rights that it began with.
    register("web", 24_002);
    await failed();
    expect((await chartShows(24_001)) || (await chartShows(24_002))).toBe(true);
    await until(async () => (await readiness()).text.includes("status 403: Permission denied"), {
      timeoutMs: 15_000,
      what: "readiness to say why",
    });
    expect((await readiness()).status).toBe(200);
    register("wiki", 24_003);
    catalog.setTokens(new Map([["the-token", { readJob: [granted(failures()[0]?.["msg"])] }]]));
    await shows(24_003);
    expect(failures()).toHaveLength(1);
    await until(async () => !(await readiness()).text.includes("403"), { timeoutMs: 15_000, what: "readiness again" });
  }, 60_000);

  test("a namespace that does not exist: told with those there are, and charted once it is there", async () => {
    await writeFile(token(), "the-token", { mode: 0o600 });
    await start(`address: "${server.url}", namespace: prod`);
    await failed();
    expect(failures()).toEqual([
      expect.objectContaining({
        code: "E_CATALOG_SETTING",
        msg: expect.stringContaining("it has default: name one of these, or create it with nomad namespace apply prod"),
      }),
    ]);
    const Tags = ["traefik.enable=true"];
    catalog.register({ ServiceName: "shop", Namespace: "prod", Port: 24_004, Tags });
    await shows(24_004);
  }, 60_000);

  test("a socket that goes with its allocation: told with its path, routes stay, and news comes when it is there again", async () => {
    const socket = join(dirname(site.watched), "api.sock");
    const listen = async (): Promise<void> => {
      front = createServer((one) => {
        const upstream = connect(Number(new URL(server.url).port), "127.0.0.1");
        one.pipe(upstream).pipe(one);
        for (const end of [one, upstream]) end.on("error", () => end.destroy());
      });
      const listening = front;
      await new Promise<void>((resolve) => listening.listen(socket, resolve));
    };
    await writeFile(token(), "the-identity", { mode: 0o600 });
    await listen();
    await start(`address: "unix://${socket}"`);
    await shows(24_001);
    front?.close();
    await rm(socket, { force: true });
    await server.close();
    await failed();
    expect(failures()).toEqual([
      expect.objectContaining({
        code: "E_CATALOG_UNREACHABLE",
        msg: expect.stringMatching(
          /unix socket .*api\.sock.* NOMAD_ADDR = "unix:\/\/\$\{NOMAD_SECRETS_DIR\}\/api\.sock"/,
        ),
      }),
    ]);
    await until(async () => (await readiness()).text.includes(`the unix socket ${socket} does not exist (ENOENT)`), {
      timeoutMs: 20_000,
      what: "readiness to say why",
    });
    expect(await chartShows(24_001)).toBe(true);
    register("web", 24_005);
    await server.reopen();
    await listen();
    await shows(24_005);
  }, 60_000);
});
