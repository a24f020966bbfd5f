import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { playExample } from "../examples/site.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, startRealTraefik } from "../support/real-traefik.ts";
import { startServerProcess } from "../support/server-process.ts";

const traefikTool = await findTool("traefik");

interface Listed {
  readonly name: string;
  readonly status: string;
  readonly provider: string;
}

interface StaticConfig {
  readonly entryPoints: Readonly<Record<string, { address: string }>>;
  readonly providers: { readonly file: { directory: string } };
}

let root: string;
let watched: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "portolan-examples-"));
  watched = await mkdtemp(join(root, "dynamic-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function ownRouters(apiUrl: string): Promise<readonly Listed[]> {
  const routers = (await (await fetch(`${apiUrl}/api/http/routers?per_page=100`)).json()) as readonly Listed[];
  return routers.filter(({ provider }) => provider === "file");
}

describe.skipIf(traefikTool === undefined)("a real Traefik", () => {
  test.each(["homelab", "messenger", "nodeports", "gateway"])("takes the chart of %s whole", async (name) => {
    const { decision, routes } = await playExample(name);
    await writeFile(join(watched, "portolan.yml"), decision.text);
    if (traefikTool === undefined) throw new Error("no traefik");
    const entryPoints = ["websecure", "admin", "tunnel"];
    const ports = await freePorts(entryPoints.length);
    const listening = entryPoints.map((one, i) => `--entryPoints.${one}.address=127.0.0.1:${ports[i]}`);
    const args = [...fileProvider(watched), ...listening];
    const traefik = await startRealTraefik(traefikTool, { args, directories: [watched] });
    try {
      const taken = await until(
        async () => {
          const routers = await ownRouters(traefik.apiUrl);
          return routers.length === 0 ? undefined : routers;
        },
        { timeoutMs: 5_000, what: "Traefik to have routers" },
      );
      expect(new Set(taken.map((router) => router.name))).toEqual(
        new Set(Object.keys(routes).map((router) => `${router}@file`)),
      );
      expect(taken.map(({ status }) => status)).toEqual(taken.map(() => "enabled"));
    } finally {
      await traefik.stop();
    }
  });

  test("takes the static configuration of gateway, whose tunnel alone may forward", async () => {
    const example = load(await readFile("deploy/examples/gateway/traefik.yml", "utf8")) as StaticConfig;
    const [api, ...others] = await freePorts(3);
    for (const entryPoint of Object.values(example.entryPoints)) entryPoint.address = `127.0.0.1:${others.pop()}`;
    example.providers.file.directory = watched;
    const entryPoints = { ...example.entryPoints, traefik: { address: `127.0.0.1:${api}` } };
    const path = join(root, "traefik.yml");
    await writeFile(path, JSON.stringify({ ...example, entryPoints, api: { insecure: true } }));
    if (traefikTool === undefined) throw new Error("no traefik");
    const traefik = await startServerProcess(traefikTool, {
      args: [`--configfile=${path}`],
      directories: [root, watched],
      isReady: async () => (await fetch(`http://127.0.0.1:${api}/api/overview`)).ok,
    });
    try {
      const taken = await (await fetch(`http://127.0.0.1:${api}/api/entrypoints`)).json();
      const trusted = { name: "tunnel", forwardedHeaders: { trustedIPs: ["127.0.0.1/32", "::1/128"] } };
      expect(taken).toEqual(expect.arrayContaining([expect.objectContaining(trusted)]));
    } finally {
      await traefik.stop();
    }
  });
});
