import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dryPass } from "../../src/app/dry-pass/dry-pass.ts";
import { migrate } from "../../src/app/moving/migrate.ts";
import { type CatalogKind, readTraefikOfCatalog } from "../../src/app/moving/read-traefik.ts";
import { loadSettings } from "../../src/config/load.ts";
import { type Comparison, compareWithTraefik } from "../../src/core/compare/compare.ts";
import { groupOf } from "../../src/core/compare/reason.ts";
import { HOMELAB, type HomelabInstance } from "../../src/demo/homelab.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool } from "../support/real-binaries.ts";
import { type RealConsul, startRealConsul } from "../support/real-consul.ts";
import { consulCatalogProvider, nomadProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");
const areThere = consulTool !== undefined && traefikTool !== undefined;

let root: string;
let consul: RealConsul;
let traefik: RealTraefik;
const nomad = createNomadCatalog();
let nomadServer: Awaited<ReturnType<typeof startNomadServer>>;
/** Traefik's static configuration, as far as migrate reads it. */
let staticFile: string;

/** Entry points of the four sites. */
const ENTRY_POINTS = ["websecure", "admin", "tunnel", "grpc"];

beforeAll(async () => {
  if (consulTool === undefined || traefikTool === undefined) return;
  root = await mkdtemp(join(tmpdir(), "portolan-moving-"));
  consul = await startRealConsul(consulTool);
  nomadServer = await startNomadServer({ catalog: nomad });
  const ports = await freePorts(ENTRY_POINTS.length);
  const entryPoints = ENTRY_POINTS.map((name, i) => `--entryPoints.${name}.address=127.0.0.1:${ports[i]}`);
  traefik = await startRealTraefik(traefikTool, {
    args: [
      ...consulCatalogProvider(consul.url),
      "--providers.consulCatalog.exposedByDefault=false",
      ...nomadProvider(nomadServer.url),
      ...entryPoints,
      "--entryPoints.websecure.http.tls=true",
    ],
    logLevel: "ERROR",
  });
  staticFile = join(root, "traefik.yml");
  const providers = {
    consulCatalog: { endpoint: { address: new URL(consul.url).host, token: "s3cret" }, exposedByDefault: false },
    nomad: { endpoint: { address: nomadServer.url }, exposedByDefault: false },
    file: { directory: join(root, "dynamic") },
  };
  await writeFile(staticFile, JSON.stringify({ entryPoints: {}, providers }));
}, 60_000);

afterAll(async () => {
  if (!areThere) return;
  await traefik.stop();
  await consul.stop();
  await nomadServer.close();
  await rm(root, { recursive: true, force: true });
});

/** The service that was registered last: a Traefik that lists it has read all others, too. */
let last = "";
let fills = 0;

/** Takes the place of all that is registered. */
async function fill(registrations: readonly Registration[]): Promise<void> {
  const client = createCatalogClient(consul.url);
  const nodes = (await client.get("/v1/catalog/nodes")).body as readonly { Node: string }[];
  for (const { Node } of nodes) if (Node !== "consul-server") await client.deregister({ Node });
  for (const { Datacenter: _, ...one } of registrations) await client.register(one);
  fills += 1;
  last = `last-${fills}`;
  await client.register(odd(last, 24_099));
}

async function siteOf(name: string): Promise<readonly Registration[]> {
  return load(await readFile(`deploy/examples/${name}/catalog.yml`, "utf8")) as readonly Registration[];
}

function asRegistration({ service, node, port, tags }: HomelabInstance): Registration {
  return {
    Node: node,
    Address: "127.0.0.1",
    Service: { ID: `${service}-${port}`, Service: service, Port: port, Tags: tags },
  };
}

/** Compares once Traefik has what the catalog says. */
async function compared(settingsFile: string, kind: CatalogKind): Promise<Comparison> {
  const settings = await loadSettings({ settings: settingsFile }, {});
  return await until(
    async () => {
      const api = { address: traefik.apiUrl };
      const { traefik: running, resources } = await readTraefikOfCatalog(
        api,
        "--traefik-api",
        [kind],
        AbortSignal.timeout(10_000),
      );
      const [main] = (await dryPass(settings)).edges;
      const { decision, snapshots, settings: core } = main.present;
      const { entryPoints } = running;
      const found = compareWithTraefik({
        resources,
        entryPoints,
        decision,
        snapshots,
        settings: core,
        nowMs: Date.now(),
      });
      const isRead = kind === "nomad" || resources.some(({ key }) => key === `http/routers/${last}`);
      // Until Traefik has looked again it has another catalog than portolan.
      return !isRead || reasonsOf(found).includes("other-view") ? undefined : found;
    },
    { timeoutMs: 20_000, what: "Traefik to have read the catalog" },
  );
}

function reasonsOf({ differences }: Comparison): readonly string[] {
  return [...new Set(differences.flatMap(({ reasons }) => reasons.map(groupOf)))].sort();
}

/** Writes settings that say nothing but where things are. */
async function plainSettings(catalog: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(root, "plain.yml");
  const output = { file: join(root, "portolan.yml") };
  await writeFile(path, JSON.stringify({ ...catalog, output, stateDir: join(root, "state") }));
  return path;
}

/** Writes what migrate makes, with the directory of the test in place of the usual one. */
async function migratedSettings(from: "consulcatalog" | "nomad"): Promise<string> {
  const { running } = await runningTraefik();
  const migration = await migrate({ path: staticFile, from, running, flags: {}, environment: {} });
  const text = migration.settings("beside").replace("/var/lib/portolan", join(root, "state"));
  expect(text).not.toMatch(/s3cret|compat: traefik/);
  expect(migration.policy ?? "").not.toMatch(/hosts: \["\*"\]/);
  if (migration.policy !== undefined) await writeFile(join(root, "policy.yml"), migration.policy);
  const path = join(root, "migrated.yml");
  await writeFile(path, text);
  return path;
}

async function runningTraefik() {
  const { traefik: running } = await readTraefikOfCatalog(
    { address: traefik.apiUrl },
    "--traefik-api",
    ["consul", "nomad"],
    AbortSignal.timeout(10_000),
  );
  return { running };
}

/** What differs by docs/compatibility.md at first sight, by the reasons of the differences. */
const AT_FIRST: Readonly<Record<string, readonly string[]>> = {
  demo: ["PORT_OUTSIDE_WINDOW"],
  homelab: ["PORT_OUTSIDE_WINDOW"],
  messenger: ["PORT_OUTSIDE_WINDOW", "SHADOWS_OWNED_HOST", "unused"],
  nodeports: [],
  gateway: ["PORT_OUTSIDE_WINDOW", "REFERENCE_UNKNOWN"],
  odd: [
    ...["HOST_TAKEN", "OPERATOR_ONLY", "PORT_OUTSIDE_WINDOW", "cookie-name", "deleted-in-traefik"],
    ...["health-check", "unused"],
  ],
};

/** What no setting may open: it is kept from tags, or answers nothing in Traefik either. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
  messenger: ["SHADOWS_OWNED_HOST", "unused"],
  gateway: ["REFERENCE_UNKNOWN", "SHADOWS_OWNED_HOST", "unused"],
  odd: ["OPERATOR_ONLY", "cookie-name", "deleted-in-traefik", "health-check", "unused"],
};

const odd = (Service: string, Port: number, ...tags: readonly string[]): Registration => ({
  Node: "odd-1",
  Address: "127.0.0.1",
  Service: { Service, Port, Tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.http.${tag}`)] },
});

const ODD: readonly Registration[] = [
  odd("dash", 24_001, "routers.dash.rule=Host(`dash`)", "routers.dash.service=api@internal"),
  odd("one", 24_002, "routers.same.rule=Host(`one`)"),
  odd("two", 24_003, "routers.same.rule=Host(`two`)"),
  odd("web", 24_004, "services.web.loadbalancer.sticky.cookie=true", "services.web.loadbalancer.healthcheck.path=/up"),
  odd("shop", 24_005, "routers.shop.rule=Host(`shop`)"),
  odd(
    "cart",
    24_006,
    "routers.cart.rule=Host(`shop`) && PathPrefix(`/cart`)",
    "routers.cart.middlewares=strip@consulcatalog",
    "middlewares.strip.stripprefix.prefixes=/cart",
  ),
  odd("fixed", 8_080),
];

describe.skipIf(!areThere)("a real Traefik with its own provider for Consul", () => {
  test.each(Object.keys(AT_FIRST))(
    "%s",
    async (name) => {
      const demo = HOMELAB.map(asRegistration);
      await fill(name === "demo" ? demo : name === "odd" ? ODD : await siteOf(name));
      const before = await compared(await plainSettings({ consul: { address: consul.url } }), "consul");
      expect(reasonsOf(before)).toEqual(AT_FIRST[name]);
      const after = await compared(await migratedSettings("consulcatalog"), "consul");
      expect(reasonsOf(after)).toEqual(NEVER[name] ?? []);
      expect(after.counts.routers.traefik).toBeGreaterThan(3);
    },
    60_000,
  );

  test("the commands print it: 2 where something differs, 0 where nothing does", async () => {
    await fill([odd("fixed", 8_080), odd("hostile", 24_007, "routers.h.rule=Host(`h`) && Path(`/\u001b[31m\u202e`)")]);
    const plain = await plainSettings({ consul: { address: consul.url } });
    await compared(plain, "consul");
    const compare = (settings: string, ...more: readonly string[]) =>
      endHere(["compare", "--settings", settings, "--traefik-api", traefik.apiUrl, ...more]);
    const first = await compare(plain);
    expect(first).toMatchObject({ code: 2, stderr: "" });
    expect(first.stdout).toContain("PORT_OUTSIDE_WINDOW  2 routers, 1 service");
    expect(first.stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    const out = join(root, "out");
    const migrateFrom = (...more: readonly string[]) =>
      endHere(["migrate", "--from", "consulcatalog", "--traefik-static", staticFile, ...more]);
    const written = await migrateFrom("--out", out);
    expect(written).toMatchObject({ code: 0, stdout: `${join(out, "portolan.yml")}\n` });
    expect(written.stderr).toMatch(/ports\.exceptions: 1 service outside/);
    expect(written.stderr).toMatch(/providers\.consulCatalog\.endpoint\.token: a token is never copied/);
    const printed = await migrateFrom();
    await writeFile(join(root, "printed.yml"), printed.stdout);
    for (const file of [join(out, "portolan.yml"), join(root, "printed.yml")]) {
      const checked = await endHere(["check", "settings", file]);
      expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 });
    }
    const state = ["--state-dir", join(root, "state"), "--output", join(root, "portolan.yml")];
    expect(await compare(join(out, "portolan.yml"), ...state)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no differences"),
    });
    const json = await compare(plain, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      reasons: { PORT_OUTSIDE_WINDOW: 3 },
      counts: { routers: { traefik: 6 } },
    });
    const again = await migrateFrom("--out", out);
    expect(again).toMatchObject({
      code: 73,
      stderr: expect.stringMatching(/^portolan: .*portolan\.yml cannot be written .*remove it[^\n]*\n$/),
    });
  }, 60_000);
});

test.skipIf(!areThere)(
  "a real Traefik with its own provider for Nomad",
  async () => {
    const at = { Address: "127.0.0.1", NodeID: "11111111-0000-0000-0000-000000000000" };
    nomad.register({ ...at, ID: "_nomad-task-a", ServiceName: "web", Port: 24_001, Tags: ["traefik.enable=true"] });
    nomad.register({ ...at, ID: "_nomad-task-b", ServiceName: "fixed", Port: 8_080, Tags: ["traefik.enable=true"] });
    const before = await compared(await plainSettings({ nomad: { address: nomadServer.url } }), "nomad");
    expect(reasonsOf(before)).toEqual(["PORT_OUTSIDE_WINDOW"]);
    expect(reasonsOf(await compared(await migratedSettings("nomad"), "nomad"))).toEqual([]);
  },
  60_000,
);

describe("an API that is none of the Traefik that was meant", () => {
  /** Answers as a Traefik that has the file provider alone; to all but the version only with a password, if one is wanted. */
  async function answering(status: number, run: (url: string) => Promise<void>): Promise<void> {
    const server = createServer((request, response) => {
      const counts = { routers: { total: 0, warnings: 0, errors: 0 } };
      const answers: Readonly<Record<string, unknown>> = {
        "/api/version": { Version: "3.6.12", startDate: "now" },
        "/api/overview": { http: counts, tcp: counts, udp: counts, providers: ["File"] },
        "/api/entrypoints": [],
      };
      const found = answers[request.url?.replace(/\?.*/, "") ?? ""];
      response.writeHead(status === 200 && found === undefined ? 404 : status).end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  }

  test.each([
    [
      200,
      /has File, and not ConsulCatalog, which would read the catalog of these settings; name the Traefik that does/,
    ],
    [401, /asks for a password \(status 401\); set --traefik-user and --traefik-password-file/],
    [404, /answers otherwise than Traefik's API/],
  ])("status %i: one line and the remedy", async (status, expected) => {
    await answering(status, async (url) => {
      const directory = await mkdtemp(join(tmpdir(), "portolan-other-"));
      const ended = await endHere([
        ...["compare", "--traefik-api", url, "--output", join(directory, "p.yml"), "--state-dir", directory],
        ...["--consul-addr", "http://127.0.0.1:1"],
      ]);
      expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(expected) });
      expect(ended.stderr.trimEnd()).not.toContain("\n");
      await rm(directory, { recursive: true });
    });
  });
});
