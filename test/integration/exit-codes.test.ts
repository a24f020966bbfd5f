import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { jobOf } from "../builders/job.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** Nothing listens there. */
const NOWHERE = "127.0.0.1:1";
const UNANSWERED = `--consul-addr http://${NOWHERE} --nomad-addr http://${NOWHERE} --traefik-api http://${NOWHERE}`;

/** What a portolan that runs, its settings and the files beside them are called in the command lines below. */
type Place =
  | "GOOD"
  | "BAD"
  | "AWAY"
  | "ASLEEP"
  | "LEDGER"
  | "POLICY"
  | "TWICE"
  | "CONFLICT"
  | "SERVICE"
  | "JOB"
  | "HCL"
  | "ELSEWHERE"
  | "STATIC";

/**
 * For each command a line that ends with each of its exit codes; or the file of the test that shows it, where it takes a
 * minute, a signal, a real Traefik or a full disk.
 */
const PROVOKED: Readonly<Record<string, Readonly<Record<number, string | { readonly shownIn: string }>>>> = {
  run: {
    0: { shownIn: "test/integration/run.test.ts" },
    69: { shownIn: "test/integration/start.test.ts" },
    78: "run --settings BAD",
  },
  once: {
    0: "once --settings GOOD --output ELSEWHERE/once/portolan.yml --state-dir ELSEWHERE/state",
    69: { shownIn: "test/integration/start.test.ts" },
    73: { shownIn: "test/integration/commands.test.ts" },
    75: { shownIn: "test/integration/exit-codes.test.ts" },
    78: "once --settings BAD",
  },
  demo: { 0: { shownIn: "test/package/package.test.ts" }, 73: { shownIn: "test/demo/demo.test.ts" } },
  status: {
    0: "status --settings GOOD",
    1: "status --settings ASLEEP",
    69: `status --listen ${NOWHERE}`,
    78: "status --settings /nowhere.yml",
  },
  routes: {
    0: "routes --settings GOOD",
    1: "routes --settings GOOD --chart nothing",
    69: `routes --listen ${NOWHERE}`,
    78: "routes --settings /nowhere.yml",
  },
  diagnostics: {
    0: "diagnostics --settings GOOD",
    1: "diagnostics --settings GOOD --chart nothing",
    69: `diagnostics --listen ${NOWHERE}`,
    78: "diagnostics --settings /nowhere.yml",
  },
  holds: { 0: "holds --settings GOOD", 69: `holds --listen ${NOWHERE}`, 78: "holds --settings /nowhere.yml" },
  plan: {
    0: "plan --settings GOOD",
    1: "plan --settings BAD",
    2: "plan --settings GOOD --output ELSEWHERE/plan/portolan.yml",
  },
  explain: {
    0: "explain web --settings GOOD",
    1: "explain nothing --settings GOOD",
    69: "explain web --settings AWAY --listen 127.0.0.1:1",
    73: "explain web --settings GOOD --listen 127.0.0.1:1 --output /dev/null/portolan.yml",
    78: "explain web --settings /nowhere.yml",
  },
  compare: {
    0: { shownIn: "test/core/compare/compare.test.ts" },
    1: `compare --settings GOOD --traefik-api http://${NOWHERE}`,
    2: { shownIn: "test/core/compare/compare.test.ts" },
  },
  migrate: {
    0: "migrate --from consulcatalog --traefik-static STATIC",
    69: "migrate --from consulcatalog --traefik-static STATIC --consul-addr http://127.0.0.1:1",
    73: "migrate --from consulcatalog --traefik-static STATIC --out /dev/null/nowhere",
    78: "migrate --from nomad --traefik-static STATIC",
  },
  release: {
    0: "release --settings GOOD",
    1: { shownIn: "test/control/control.test.ts" },
    69: "release --state-dir /nowhere",
    78: "release --settings /nowhere.yml",
  },
  rollback: {
    0: "rollback --settings GOOD",
    1: "rollback --settings GOOD 999",
    69: "rollback --state-dir /nowhere",
    78: "rollback --settings /nowhere.yml",
  },
  "check tags": {
    0: "check tags traefik.enable=true",
    1: "check tags traefik.enable=true traefik.http.routers.a.ruel=x",
    78: "check tags --settings BAD traefik.enable=true",
  },
  "check settings": { 0: "check settings GOOD", 1: "check settings BAD" },
  "check policy": {
    0: "check policy POLICY",
    1: "check policy LEDGER",
    78: "check policy POLICY --settings BAD",
  },
  "check ledger": { 0: "check ledger LEDGER", 1: "check ledger TWICE" },
  "check service": {
    0: "check service SERVICE",
    1: "check service POLICY",
    78: "check service --settings BAD SERVICE",
  },
  "check job": {
    0: "check job --settings GOOD JOB",
    1: "check job --settings GOOD SERVICE",
    69: `check job --settings GOOD --nomad-addr http://${NOWHERE} HCL`,
    78: "check job --settings BAD JOB",
  },
  "check dns": {
    0: { shownIn: "test/examples/dns.test.ts" },
    1: { shownIn: "test/examples/dns.test.ts" },
    69: "check dns --ingress 192.0.2.1 --settings AWAY --listen 127.0.0.1:1",
    73: "check dns --ingress 192.0.2.1 --settings GOOD --listen 127.0.0.1:1 --output /dev/null/portolan.yml",
    78: "check dns --ingress 192.0.2.1 --settings /nowhere.yml",
  },
  "check chart": {
    0: "check chart ELSEWHERE/dynamic/portolan.yml",
    1: "check chart /nowhere.yml",
    78: "check chart --settings BAD ELSEWHERE/dynamic/portolan.yml",
  },
  ports: {
    0: "ports --settings GOOD",
    1: "ports --settings GOOD --check /nowhere.md",
    69: "ports --settings AWAY",
    78: "ports --settings BAD",
  },
  "ports ask": {
    0: "ports ask 25000 --node node-1 --settings GOOD",
    1: "ports ask 24000 --node node-1 --settings GOOD",
    69: "ports ask 24000 --node node-1 --settings AWAY",
    78: "ports ask 24000 --node node-1 --settings BAD",
  },
  ledger: {
    0: "ledger --settings GOOD",
    1: "ledger --settings CONFLICT",
    69: "ledger --settings AWAY",
    78: "ledger --settings BAD",
  },
  env: { 0: "env a --settings CONFLICT", 1: "env nothing --settings CONFLICT", 78: "env a --settings BAD" },
  firewall: { 0: "firewall --settings GOOD", 69: "firewall --settings AWAY", 78: "firewall --settings BAD" },
  history: {
    0: "history --settings GOOD",
    1: "history --settings GOOD 999",
    69: `history --listen ${NOWHERE}`,
    78: "history --settings /nowhere.yml",
  },
  "settings init": {
    0: `settings init ELSEWHERE/first.yml ${UNANSWERED}`,
    73: `settings init ELSEWHERE/nowhere/first.yml ${UNANSWERED}`,
    78: "settings init - --consul-addr ftp://nowhere",
  },
  "settings show": { 0: "settings show --settings GOOD", 78: "settings show --settings BAD" },
  "settings doc": { 0: "settings doc listen" },
  "settings schema": { 0: "settings schema policy" },
  "support-bundle": {
    0: "support-bundle ELSEWHERE/bundle.txt --settings GOOD",
    73: "support-bundle ELSEWHERE/nowhere/bundle.txt --settings GOOD",
  },
  help: { 0: "help check" },
  completion: { 0: "completion zsh" },
  version: { 0: "version" },
};

let site: Site;
let catalog: ReturnType<typeof createCatalog>;
let server: CatalogServer;
let daemon: PortolanProcess;
let sleeper: PortolanProcess;
let places: Readonly<Record<Place, string>>;

beforeAll(async () => {
  site = await createSite();
  catalog = createCatalog();
  register("web", 24_000);
  server = await startCatalogServer({ catalog });
  const root = join(site.watched, "..");
  const file = async (name: string, content: unknown) => {
    await site.beside(name, JSON.stringify(content));
    return join(root, name);
  };
  const hcl = async (name: string, text: string) => {
    await site.beside(name, text);
    return join(root, name);
  };
  for (const folder of ["once", "plan", "asleep"]) await mkdir(join(root, folder));
  const settings = { consul: { address: server.url }, output: { file: site.chart }, stateDir: site.stateDir };
  const away = {
    ...settings,
    consul: { address: `http://${NOWHERE}` },
    ports: { nomad: [{ address: `http://${NOWHERE}` }] },
  };
  const asleep = { ...away, output: { file: "asleep/portolan.yml" }, stateDir: "asleep-state" };
  const entry = (owner: string) => ({ ports: 53, owner, exposure: "internal", purpose: "names" });
  const twice = await file("twice.yml", { ports: [entry("a"), entry("b")] });
  daemon = await startPortolan(["--settings", await file("start.yml", settings)]);
  sleeper = await startPortolan(["--settings", await file("start-asleep.yml", asleep)]);
  const listen = ({ url }: PortolanProcess) => url.replace("http://", "");
  places = {
    GOOD: await file("good.yml", { ...settings, listen: listen(daemon) }),
    BAD: await file("bad.yml", { ...settings, outptu: "x" }),
    AWAY: await file("away.yml", away),
    ASLEEP: await file("asleep.yml", { ...asleep, listen: listen(sleeper) }),
    LEDGER: await file("ledger.yml", { ports: [entry("a")] }),
    POLICY: await file("policy.yml", { rules: [{ service: "web", hosts: ["web"] }] }),
    TWICE: twice,
    CONFLICT: await file("conflict.yml", { ...settings, ports: { ledger: twice } }),
    SERVICE: await file("service.json", { service: { name: "web", port: 24_000, tags: ["traefik.enable=true"] } }),
    JOB: await file("job.json", jobOf()),
    HCL: await hcl("job.nomad.hcl", 'job "web" {}'),
    ELSEWHERE: root,
    STATIC: await file("traefik.yml", {
      providers: { consulCatalog: { endpoint: { address: server.url }, exposedByDefault: false } },
    }),
  };
  await until(async () => (await fetch(`${daemon.url}/readyz`)).ok, {
    timeoutMs: 20_000,
    what: "the daemon to be ready",
  });
}, 60_000);
afterAll(async () => {
  await daemon.stop();
  await sleeper.stop();
  await server.close();
  await site.remove();
});

function register(Service: string, Port: number): void {
  catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { Service, Port, Tags: ["traefik.enable=true"] } });
}

/** The words of a line, with the places' own names. */
function wordsOf(line: string): readonly string[] {
  return line.replaceAll(/\b[A-Z]{3,}\b/g, (name) => new Map(Object.entries(places)).get(name) ?? name).split(" ");
}

const rows = Object.entries(PROVOKED).flatMap(([command, codes]) =>
  Object.entries(codes).flatMap(([code, line]) =>
    typeof line === "string" ? [{ command, code: Number(code), line }] : [],
  ),
);

/** One line for each exit code. */
const firstOfEach = rows.filter(({ code }, at) => rows.findIndex((other) => other.code === code) === at);

describe("every exit code that a command's page of help names", () => {
  test("is provoked here, or by the test that is named", async () => {
    const commands = await Promise.all(COMMANDS.map((row) => row.load()));
    const documented = commands.map(({ name, exitCodes }) => [name, ...Object.keys(exitCodes)].join(" "));
    const provoked = Object.entries(PROVOKED).map(([name, codes]) => [name, ...Object.keys(codes)].join(" "));
    expect(provoked.toSorted()).toEqual(documented.toSorted());
    const elsewhere = Object.values(PROVOKED)
      .flatMap((codes) => Object.values(codes))
      .filter((line) => typeof line !== "string");
    for (const { shownIn } of elsewhere)
      expect(existsSync(join(import.meta.dirname, "../..", shownIn)), shownIn).toBe(true);
  });

  test("is 64 where a flag is unknown, for each command", async () => {
    for (const { name } of COMMANDS) {
      const parsing = parseCommandLine([...name.split(" "), "--no-such-flag"], COMMANDS);
      await expect(parsing, name).rejects.toMatchObject({ exitCode: 64 });
    }
  });

  test.each(rows)("$line → $code", async ({ command, code, line }) => {
    // These two listen to signals and write a log past this process's standard error.
    const end = ["run", "once"].includes(command) ? runPortolan : endHere;
    const { stdout, stderr, code: found } = await end(wordsOf(line));
    expect(found, stdout + stderr).toBe(code);
    // What keeps a command from its work is said in one line, with the problems of a file below it.
    if (code >= 64) expect(stderr).toMatch(/^portolan: [^\n]+\n(?: {2}[^\n]+\n)*$/);
    expect(stderr).not.toMatch(/defect|^ {4}at /m);
  });

  test.each(firstOfEach)("$code is a process's own: $line", async ({ code, line }) => {
    expect(await runPortolan(wordsOf(line))).toMatchObject({ code });
  });

  test("once leaves an earlier chart alone after a rollback: 75", async () => {
    register("shop", 24_001);
    await until(async () => (await site.chartText()).includes("shop"), {
      timeoutMs: 10_000,
      what: "the second version",
    });
    expect(await runPortolan(wordsOf("rollback --settings GOOD 1"))).toMatchObject({ code: 0 });
    await daemon.stop();
    expect(await runPortolan(wordsOf("once --settings GOOD"))).toMatchObject({ code: 75 });
    expect(await site.chartText()).not.toContain("shop");
  });
});
