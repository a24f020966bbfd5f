import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createNomadCatalog } from "../../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../../src/simulator/nomad/server.ts";
import { type CatalogServer, startCatalogServer } from "../../../../src/simulator/server.ts";
import { createCatalog } from "../../../../src/simulator/state/catalog.ts";
import { createSite, type Site } from "../../../integration/site.ts";
import { endHere } from "../../in-process.ts";

const MINIO = "  - { ports: 30900, owner: minio, exposure: never, nodes: [node-1], purpose: S3 }\n";

let site: Site;
let server: CatalogServer;
let ledger: string;
let settings: string;
const catalog = createCatalog();

function register(service: string, port: number, node = "node-1", tags: readonly string[] = []): void {
  catalog.register({ Node: node, Address: "127.0.0.1", Service: { Service: service, Port: port, Tags: tags } });
}

beforeEach(async () => {
  catalog.wipe();
  site = await createSite();
  server = await startCatalogServer({ catalog });
  ledger = join(site.watched, "..", "ledger.yml");
  await writeFile(ledger, `ports:\n${MINIO}`);
  settings = await site.settings(`ports: { ledger: ${ledger} }\npublish: { quiet: 10ms }\n`);
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

const args = () => ["--settings", settings, "--consul-addr", server.url];

describe("portolan ports", () => {
  test("lists what is registered, also without any tag, and what is declared; writes nothing", async () => {
    register("web", 24_001);
    register("\u001b[31mred", 24_002);
    const { code, stdout } = await endHere(["ports", ...args()]);
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ["PORT", "PROTOCOL", "NODE", "OWNER", "CLASS", "STATUS"],
        ["24001", "tcp?", "node-1", "web", "dynamic", "Scheduled"],
        ["24002", "tcp?", "node-1", "\\u001b[31mred", "dynamic", "Scheduled"],
        ["30900", "tcp", "node-1", "minio", "dynamic", "Reserved"],
      ]),
    );
    expect(await site.files()).toEqual([]);
  });

  test("prints JSON with --format json", async () => {
    register("thumbnails", 30_900);
    const { stdout } = await endHere(["ports", ...args(), "--format", "json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      ports: "30900",
      protocol: "tcp",
      node: "node-1",
      class: "dynamic",
      status: "Squatted",
      holders: ["thumbnails"],
      declaredFor: ["minio"],
    });
  });

  test("reads Nomad's services, too, whose nodes the ledger names by their addresses", async () => {
    await writeFile(ledger, "nodes: { edge: 127.0.0.1 }\n");
    const nomad = createNomadCatalog();
    nomad.register({ ServiceName: "web", Port: 24_001, Tags: [] });
    const nomadServer = await startNomadServer({ catalog: nomad });
    try {
      const { code, stdout } = await endHere(["ports", "--settings", settings, "--nomad-addr", nomadServer.url]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^24001 +tcp\? +edge +default\/web +dynamic +Scheduled$/m);
    } finally {
      await nomadServer.close();
    }
  });

  test("ends with 69 where the catalog does not answer, and says so", async () => {
    await server.close();
    const result = await endHere(["ports", ...args()]);
    expect(result).toMatchObject({ code: 69, stdout: "" });
    expect(result.stderr).toContain("portolan: ");
  });
});

describe("portolan ports ask", () => {
  test.each([
    [["53/udp", "--node", "node-1"], 0, "53/udp on node-1: free (system port)"],
    [["53/both"], 0, "53/tcp+udp: free on every node (system port)"],
    [["443"], 1, "443/tcp: the load balancer's on every node, free or not"],
    [["24001"], 1, "24001/tcp: taken by web on node-1; free on consul-server, node-2 (dynamic port)"],
    [["24001", "--node", "node-1"], 1, "registered by web"],
    [["24001", "--node", "node-1", "--service", "web"], 0, "free"],
    [["24001/udp", "--node", "node-1"], 1, "unsure"],
    [["24001/udp", "--node", "node-1", "--service", "web"], 0, "free"],
    [["24000-24002"], 1, "24000-24002/tcp: 2 of the 3 ports are free: 24000, 24002"],
    [["30900", "--node", "node-1"], 1, "never a route"],
    [["30900", "--node", "node-1", "--service", "minio"], 0, "declared for minio: S3"],
    [["30900", "--node", "node-7"], 0, "check the spelling"],
    [["--for", "users", "--service", "web"], 0, "traefik.enable=true"],
    [["24001", "--for", "legacy"], 1, "solve the conflict first"],
  ])("%j: %d", async (question, code, part) => {
    register("web", 24_001);
    register("idle", 24_003, "node-2");
    const result = await endHere(["ports", "ask", ...question, ...args()]);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: "" });
    expect(result.stdout).toContain(part);
  });

  test("prints the same as JSON with --format json, with the entry as the ledger has it", async () => {
    register("web", 24_001);
    register("idle", 24_003, "node-2");
    const { stdout } = await endHere(["ports", "ask", "24001", ...args(), "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      answer: "24001/tcp: taken by web on node-1; free on consul-server, node-2 (dynamic port)",
      verdict: "taken",
      parts: [
        { verdict: "taken", nodes: ["node-1"], holders: [{ service: "web", node: "node-1", address: "127.0.0.1" }] },
        { verdict: "free", nodes: ["consul-server", "node-2"] },
      ],
      proposal: { kind: "entry", entry: { ports: "24001", protocol: "tcp", nodes: ["consul-server", "node-2"] } },
      steps: expect.arrayContaining([expect.objectContaining({ paste: [expect.stringContaining("ports: 24001")] })]),
    });
  });

  test.each([
    [["53/sctp"], "53/udp"],
    [["0", "--node", "x"], "from 1 to 65535"],
    [["53", "80"], "one port or range"],
    [["--node", "x"], "--for users, protocol or legacy"],
    [["53", "--for", "fun"], "allowed: users, protocol, legacy"],
    [["53", "--format", "xml"], "allowed: table, json"],
  ])("%j is no question: 64", async (question, part) => {
    const result = await endHere(["ports", "ask", ...question, ...args()]);
    expect(result).toMatchObject({ code: 64, stdout: "" });
    expect(result.stderr).toContain(part);
    expect(result.stderr.trimEnd()).not.toContain("\n");
  });
});

describe("portolan ledger and firewall", () => {
  test("ends with 0 as long as all is as declared, with 1 where a process listens on a port that is not its own", async () => {
    register("minio", 30_900);
    const sound = await endHere(["ledger", ...args()]);
    expect(sound.code).toBe(0);
    expect(sound.stdout).toContain('node-1: client { reserved { reserved_ports = "30900" } }');
    catalog.deregister({ Node: "node-1", ServiceID: "minio" });
    register("thumbnails", 30_900);
    const squatted = await endHere(["ledger", ...args()]);
    expect(squatted.code).toBe(1);
    expect(squatted.stdout).toMatch(/^30900 .* Squatted: thumbnails +S3$/m);
  });

  test("lists what is undeclared with the lines that declare it, and ends with 1 for it where that is asked for", async () => {
    register("web", 8080);
    const kind = await endHere(["ledger", ...args()]);
    expect(kind.code).toBe(0);
    // Consul registers itself.
    const lines = kind.stdout.split("\n").filter((line) => /^ {2}- \{ ports: \d+, owner: "(?:web|consul)"/.test(line));
    const strict = await endHere(["ledger", "--strict", ...args()]);
    expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining("2 undeclared ports, of which --strict") });
    await writeFile(ledger, `ports:\n${MINIO}${lines.join("\n")}\n`);
    expect(await endHere(["ledger", "--strict", ...args()])).toMatchObject({ code: 0, stderr: "" });
  });

  test("takes what is observed beside the catalog, and says in one line what it cannot take", async () => {
    const observed = join(site.watched, "..", "services.json");
    const api = { kind: "Service", metadata: { name: "api" }, spec: { ports: [{ port: 80, nodePort: 30_800 }] } };
    await writeFile(observed, JSON.stringify({ kind: "List", items: [api] }));
    const found = await endHere(["ledger", "--strict", "--observed", observed, ...args()]);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('- { ports: 30800, owner: "api", exposure: ingress');
    await writeFile(observed, JSON.stringify({ kind: "PodList", items: [] }));
    const wrong = await endHere(["ports", "--observed", observed, ...args()]);
    expect(wrong).toMatchObject({ code: 78, stdout: "" });
    expect(wrong.stderr).toBe(
      `portolan: --observed ${observed}: it lists "Pod", and services are allowed; give it what this prints: kubectl get svc -A -o json\n`,
    );
  });

  test("the firewall needs no catalog", async () => {
    await server.close();
    const { code, stdout } = await endHere(["firewall", "--settings", settings]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^drop +node-1 +30900 +tcp +anywhere +minio: S3$/m);
    expect(stdout).toMatch(/^accept +\* +20000-32000 +tcp\+udp /m);
  });

  test("the nodes of clients come from the catalog: without its answer nothing is printed that could be loaded", async () => {
    await writeFile(
      ledger,
      "nodes: { node-1: 127.0.0.1, node-2: 127.0.0.2 }\nports:\n  - { ports: 4222, owner: nats, exposure: never, clients: [web], purpose: x }\n",
    );
    register("web", 24_001);
    const nftables = ["firewall", ...args(), "--format", "nftables", "--node", "node-2"];
    const asked = await endHere(nftables);
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain("tcp dport 4222 ip saddr { 127.0.0.1 } accept");
    expect(asked.stdout).toMatch(/^# Clients are let in from the nodes that they were on at 20\d\d-/m);
    expect(asked.stderr).toContain("22/tcp of node-2 is open to no address");
    await server.close();
    expect(await endHere(nftables)).toMatchObject({ code: 69, stdout: "" });
  });

  test("nftables is for one node where their rules differ: without it, or for an unknown one, 64 and nothing to load", async () => {
    await writeFile(ledger, `nodes: { node-1: 127.0.0.1, node-2: 127.0.0.2 }\nports:\n${MINIO}`);
    const unnamed = await endHere(["firewall", ...args(), "--format", "nftables"]);
    expect(unnamed).toMatchObject({ code: 64, stdout: "" });
    expect(unnamed.stderr).toContain(
      "add --node with one of node-1, node-2; or make it for all of them:\n  for node in node-1 node-2; do ",
    );
    const unknown = await endHere(["firewall", ...args(), "--format", "nftables", "--node", "node-3"]);
    expect(unknown).toMatchObject({ code: 64, stdout: "" });
    expect(unknown.stderr).toContain('found "node-3"; allowed, as the ledger names them: node-1, node-2');
  });
});

describe("portolan check ledger", () => {
  test("a sound ledger: 0; one that contradicts itself: 1; one with problems: 1, all of them", async () => {
    expect(await endHere(["check", "ledger", ledger])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^SUCCESS: /),
    });
    await writeFile(ledger, `ports:\n${MINIO}${MINIO.replace("minio", "nats").replace("nodes: [node-1], ", "")}`);
    const torn = await endHere(["check", "ledger", ledger]);
    expect(torn.code).toBe(1);
    expect(torn.stdout).toContain("30900/tcp: on node-1 it is declared for minio and nats\n");
    await writeFile(ledger, "ports:\n  - { ports: 0, owner: x, exposure: nevr, purpose: y }\n");
    const bad = await endHere(["check", "ledger", ledger]);
    expect(bad).toMatchObject({ code: 1, stderr: "" });
    expect(bad.stdout).toMatch(/ports\.0\.ports .*found 0/);
    expect(bad.stdout).toMatch(/ports\.0\.exposure .*found "nevr"/);
  });

  test("no such file: 1; no file: 64", async () => {
    expect((await endHere(["check", "ledger", `${ledger}x`])).code).toBe(1);
    expect((await endHere(["check", "ledger"])).code).toBe(64);
  });
});
