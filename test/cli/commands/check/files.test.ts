import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Command } from "../../../../src/cli/command-line/command-line.ts";
import { checkChartCommand } from "../../../../src/cli/words/check/chart.ts";
import { checkJobCommand } from "../../../../src/cli/words/check/job.ts";
import { checkLedgerCommand } from "../../../../src/cli/words/check/ledger.ts";
import { checkPolicyCommand } from "../../../../src/cli/words/check/policy.ts";
import { checkServiceCommand } from "../../../../src/cli/words/check/service.ts";
import { checkSettingsCommand } from "../../../../src/cli/words/check/settings.ts";
import { jobGroup, jobOf, jobService } from "../../../builders/job.ts";
import { printed } from "./printed.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-check-"));
  vi.stubEnv("PORTOLAN_SETTINGS", "");
  // Nothing listens there.
  vi.stubEnv("CONSUL_HTTP_ADDR", "http://127.0.0.1:1");
  vi.stubEnv("NOMAD_ADDR", "");
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const FAMILY: readonly (readonly [string, Command, string])[] = [
  ["check settings", checkSettingsCommand, '{"stateDir":"/s","output":{"file":"/d/p.yml"}}'],
  ["check policy", checkPolicyCommand, '{"rules":[{"service":"web"}]}'],
  ["check ledger", checkLedgerCommand, '{"ports":[{"ports":53,"owner":"a","exposure":"internal","purpose":"x"}]}'],
  ["check service", checkServiceCommand, '{"service":{"name":"web","port":24001,"tags":["traefik.enable=true"]}}'],
  ["check job", checkJobCommand, JSON.stringify({ Job: jobOf() })],
  ["check chart", checkChartCommand, '{"http":{"services":{"a":{"loadBalancer":{"servers":[{"url":"http://a:1"}]}}}}}'],
];

describe.each(FAMILY)("%s", (_, command, sound) => {
  test("ends with 0 where nothing is wrong, and says so to machines", async () => {
    expect(await printed(command, [file("a.yml", sound)])).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout } = await printed(command, [file("a.yml", sound)], { json: "true" });
    const json: unknown = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(json).toMatchObject({ format: 1, isSound: true, subject: join(folder, "a.yml") });
  });

  test.each<[string, () => string, RegExp]>([
    ["a file that is not there", () => join(folder, "none.yml"), /ENOENT/],
    ["a directory", () => folder, /no regular file/],
    ["not UTF-8", () => file("b.yml", new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe])), /not in UTF-8/],
    ["100 MB", () => file("c.yml", new Uint8Array(100_000_000)), /larger than/],
    ["what it cannot parse", () => file("d.yml", "{"), /invalid|not valid|no valid/],
    ["endless nesting", () => file("e.yml", "[".repeat(100_000)), /nest|no valid/],
  ])("ends with 1 and one line with its remedy for %s", async (_, make, words) => {
    const { code, stdout, stderr } = await printed(command, [make()]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const [head = "", line = "", ...rest] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^FAILED: .*: 1 problem$/);
    expect(line).toMatch(words);
    expect(rest).toEqual([expect.stringMatching(/^ {4}\S/)]);
  });
});

const BOMB = [
  "a: &a [x, x, x, x, x, x, x, x, x, x]",
  ..."bcdefghi".split("").map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]}, `.repeat(10)}]`),
].join("\n");

/** Those that read YAML. */
const OF_YAML = FAMILY.filter(([name]) => name !== "check service" && name !== "check job");

test.each(OF_YAML)("%s reads no aliases that unfold without end", async (_, command) => {
  const { code, stdout } = await printed(command, [file("bomb.yml", BOMB)]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/aliases/);
});

const CLEAR_SCREEN = "\u001b[2J";
const TWO_OWNERS = ["a", "b"].map((owner) => ({
  ...{ ports: 53, owner: `${owner}${CLEAR_SCREEN}`, exposure: "internal", purpose: "x" },
}));
const HOSTILE_ROUTER = { [`web${CLEAR_SCREEN}`]: { rule: "Host(`a`", service: "x" } };

test.each<[string, Command, unknown]>([
  ["check ledger", checkLedgerCommand, { ports: TWO_OWNERS }],
  ["check policy", checkPolicyCommand, { rules: [{ service: `web${CLEAR_SCREEN}`, hosts: ["a.example.org"] }] }],
  ["check settings", checkSettingsCommand, { [`x${CLEAR_SCREEN}`]: 1 }],
  ["check service", checkServiceCommand, { Name: `web${CLEAR_SCREEN}`, Port: 80, Tags: ["traefik.enable=true"] }],
  ["check job", checkJobCommand, jobOf([jobGroup([jobService(`web${CLEAR_SCREEN}`, { PortLabel: CLEAR_SCREEN })])])],
  ["check chart", checkChartCommand, { http: { routers: HOSTILE_ROUTER } }],
])("%s lets no control character of a file reach the terminal", async (_, command, content) => {
  const path = file("file.yml", JSON.stringify(content).replaceAll("\\u001b", "\\u001b\u202e\u009b"));
  for (const flags of [{}, { json: "true" }]) {
    const { stdout } = await printed(command, [path], flags);
    expect(stdout).not.toMatch(/[\u202e\u009b]/);
    expect(stdout).not.toContain("\u001b");
  }
  expect((await printed(command, [path])).stdout).toContain("\\u001b");
});

describe("problems name their place", () => {
  test("in a policy", async () => {
    const { code, stdout } = await printed(checkPolicyCommand, [
      file("p.yml", "rules:\n  - service: web\n    hots: [a]\n"),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      / {2}POLICY_INVALID: rules\.0\.hots \(line 3\): found an unknown key; allowed here: service, /,
    );
  });

  test("the line is that of the item that is meant, where an earlier one has the same keys", async () => {
    const rules = "rules:\n  - service: web\n    hosts: [a]\n  - service: api\n    hosts: ['http://x/']\n";
    const { stdout: ofPolicy } = await printed(checkPolicyCommand, [file("p.yml", rules)]);
    expect(ofPolicy).toContain("rules.1.hosts.0 (line 5): ");
    const services = '{ "Services": [\n{ "Name": "a",\n"Port": 1 },\n{ "Name": "b",\n"Port": -1 }] }';
    const { stdout: ofService } = await printed(checkServiceCommand, [file("s.json", services)]);
    expect(ofService).toContain("services.1.port (line 5): ");
    const servers = "{ url: 'http://a:1', weight: 1 },\n     { url: 'http://b:1', weight: x }";
    const chart = `http:\n  services:\n    a: { loadBalancer: { servers: [\n     ${servers}] } }\n`;
    const { stdout: ofChart } = await printed(checkChartCommand, [file("c.yml", chart)]);
    expect(ofChart).toContain("servers.1.weight (line 5): ");
  });

  test("in a ledger that declares a port twice", async () => {
    const entries = ["minio", "nats"].map((owner) => ({ ports: 30_900, owner, exposure: "ingress", purpose: "x" }));
    const { code, stdout } = await printed(checkLedgerCommand, [file("l.yml", JSON.stringify({ ports: entries }))]);
    expect(code).toBe(1);
    expect(stdout).toContain("LEDGER_CONFLICT: 30900/tcp: on every node it is declared for minio and nats\n");
  });

  test("in settings, and in the policy and the ledger that they name", async () => {
    file("policy.yml", "rules: [{ hots: [a] }]");
    const path = file("s.yml", "policy: policy.yml\nports:\n  ledger: none.yml\n");
    const { code, stdout } = await printed(checkSettingsCommand, [path]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /SETTING_INVALID: policy \(line 1\): 1 problem in .*policy\.yml: rules\.0\.hots: found an unknown key/,
    );
    expect(stdout).toMatch(/SETTING_INVALID: ports\.ledger \(line 3\): ledger .*none\.yml: cannot be read/);
    expect(stdout).toContain(
      "SETTING_MISSING (info): output.file: not in the file, and needed\n    give it, or start with --output FILE",
    );
  });

  test("what the settings lack, and a flag may give, makes no check fail", async () => {
    expect((await printed(checkSettingsCommand, [file("s.yml", "traefik: { version: '3.7' }")])).code).toBe(0);
  });

  test("without a file the settings are those that run would take", async () => {
    const path = file("portolan.yml", "traefik: { version: '3.9' }");
    vi.stubEnv("PORTOLAN_SETTINGS", path);
    const { code, stdout } = await printed(checkSettingsCommand, []);
    expect(code).toBe(1);
    expect(stdout).toContain(`FAILED: ${path}: 1 problem\n`);
  });

  test("a token in the wrong place is not shown", async () => {
    const path = file("s.yml", "consul: { token: [c0ffee-secret] }\nnomad: c0ffee-secret\n");
    const { stdout } = await printed(checkSettingsCommand, [path]);
    expect(stdout).not.toContain("c0ffee-secret: ");
    expect(stdout).not.toContain("[c0ffee-secret]");
  });
});

describe("check chart", () => {
  const CHART = [
    "http:",
    "  routers:",
    "    web:",
    "      rule: Host(`a`",
    "      service: web",
    "    shop:",
    "      rule: Host(`b`)",
    "      service: gone",
    "      priority: high",
    "  services:",
    "    web: { loadBalancer: { servers: [{ url: 'http://10.0.0.1:1' }] } }",
    "",
  ].join("\n");

  test("tells what Traefik refuses, and what it disables, with lines", async () => {
    const { code, stdout } = await printed(checkChartCommand, [file("c.yml", CHART)]);
    expect(code).toBe(1);
    expect(stdout.split("\n").filter((line) => /^ {2}\S/.test(line))).toEqual([
      expect.stringMatching(
        /^ {2}FILE_REFUSED: http\.routers\.shop\.priority \(line 9\): found "high"; .*traefik refuses the whole file, and all of its directory$/,
      ),
      expect.stringMatching(
        /^ {2}RULE_SYNTAX: http\.routers\.web \(line 3\): .*; traefik disables it, and what refers to it$/,
      ),
      expect.stringMatching(
        /^ {2}REFERENCE_UNKNOWN: http\.routers\.shop \(line 6\): refers to service "gone", which is not defined/,
      ),
    ]);
  });

  test("judges several files as one directory", async () => {
    const routes = file(
      "a.yml",
      "http: { routers: { a: { rule: Host(`a`), service: s@file, middlewares: [x@docker] } } }",
    );
    const services = file("b.toml", '[[http.services.s.loadBalancer.servers]]\nurl = "http://10.0.0.1:1"\n');
    expect((await printed(checkChartCommand, [routes])).stdout).toContain(
      `refers to service "s", which is not defined`,
    );
    expect((await printed(checkChartCommand, [routes, services])).code).toBe(0);
    const twice = file("c.yml", "http: { services: { s: { loadBalancer: { servers: [] } } } }");
    expect((await printed(checkChartCommand, [routes, services, twice])).stdout).toMatch(
      /SUCCESS: .*: 1 warning\n {2}NAME_TWICE \(warning\): .*c\.yml: http\.services\.s .*is defined in .*b\.toml, too/,
    );
  });

  test.each([
    ["3.6", 1, /FILE_REFUSED.*only traefik 3\.7 and later know/],
    ["3.7", 0, /SUCCESS/],
  ])("judges by Traefik %s", async (version, code, words) => {
    const path = file("v.yml", "http: { middlewares: { a: { encodedCharacters: { allowEncodedSlash: true } } } }");
    const result = await printed(checkChartCommand, [path], { "traefik-version": version });
    expect(result.stdout).toMatch(words);
    expect(result.code).toBe(code);
  });

  test("warns of what nothing reads, and of templates, which are not executed", async () => {
    const template = await printed(checkChartCommand, [file("t.yml", 'http: {{ env "HOME" }}')]);
    expect(template).toMatchObject({ code: 0, stdout: expect.stringContaining("TEMPLATE (warning)") });
    const json = await printed(checkChartCommand, [file("t.json", "{}")]);
    expect(json.stdout).toContain("FILE_NOT_READ (warning): traefik reads .yml, .yaml and .toml");
  });

  test("takes what Traefik reads and a chart has no place for", async () => {
    const path = file("tls.yml", "tls: { certificates: [{ certFile: /c.pem, keyFile: /k.pem }] }");
    expect(await printed(checkChartCommand, [path])).toMatchObject({ code: 0, stdout: `SUCCESS: ${path}\n` });
  });

  test("shows no secret", async () => {
    const users = { basicAuth: { users: ["admin:c0ffee-secret"], relm: "c0ffee-secret" } };
    const path = file("s.yml", JSON.stringify({ http: { middlewares: { a: users } } }));
    for (const flags of [{}, { json: "true" }]) {
      expect((await printed(checkChartCommand, [path], flags)).stdout).not.toContain("c0ffee");
    }
  });

  test("takes a chart of thousands of services, and a link to it", async () => {
    mkdirSync(join(folder, "d"));
    const services = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, at) => [
        `s${at}`,
        { loadBalancer: { servers: [{ url: `http://10.0.0.1:${20_000 + at}` }] } },
      ]),
    );
    const path = file(
      "d/portolan.yml",
      `# portolan chart 1: generated from the catalog, changes made here are overwritten\n${JSON.stringify({ http: { services } })}\n`,
    );
    expect((await printed(checkChartCommand, [path])).code).toBe(0);
  });
});

describe("a policy beside its settings", () => {
  const POLICY = `networks: [services]
rules:
  - { service: shop, middlewares: { require: [jwt@file, auth, ask@docker] }, edge: [public, publik, "lan-*"] }
`;

  function settingsWith(ledger: string): string {
    file("ledger.yml", ledger);
    mkdirSync(join(folder, "dynamic"));
    mkdirSync(join(folder, "snippets"));
    file("snippets/auth.yml", "http: { middlewares: { auth: { compress: {} } } }");
    const edges = "edges: [{ name: public, prefix: public, file: public/portolan.yml }]";
    const where = "output: { file: dynamic/portolan.yml }\nstateDir: state\nsnippets: snippets";
    return file("s.yml", `ports: { ledger: ledger.yml }\n${where}\n${edges}\n`);
  }

  test("may name its ledger's networks, and is told of edges and middlewares that there are not", async () => {
    const settings = settingsWith("networks: { services: 192.168.11.0/24 }");
    const { stdout: told } = await printed(checkPolicyCommand, [file("policy.yml", POLICY)], { settings });
    expect(told).toMatch(/SUCCESS: .*policy\.yml: 3 warnings/);
    expect(told).toContain('EDGE_UNKNOWN (warning): rules.0.edge.1: found "publik"; the settings have main, public');
    expect(told).toContain('found "lan-*"; the settings have main, public');
    expect(told).toMatch(
      /MIDDLEWARE_UNKNOWN \(warning\): rules\.0\.middlewares\.require\.0.*: found "jwt@file"; neither a snippet nor/,
    );
  });

  test("is refused where the ledger does not name the network, and where there are no settings", async () => {
    const settings = settingsWith("networks: [192.168.11.0/24]");
    const path = file("policy.yml", POLICY);
    for (const flags of [{ settings }, {}]) {
      const { code, stdout } = await printed(checkPolicyCommand, [path], flags);
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /FAILED: .*\n.*POLICY_INVALID: networks\.0 \(line 1\): found "services"; an address or a range/,
      );
    }
  });
});

test("check job judges the tags of the settings' edges, and says of a route which edge has it", async () => {
  const edges = [{ name: "outside", prefix: "public", file: "/p/p.yml" }];
  const settings = file("settings.yml", JSON.stringify({ stateDir: "/s", output: { file: "/d/p.yml" }, edges }));
  const job = (rule: string) => {
    const Tags = ["public.enable=true", `public.http.routers.web.rule=${rule}`];
    return file("job.json", JSON.stringify(jobOf([jobGroup([jobService("web", { Tags })])])));
  };
  const sound = await printed(checkJobCommand, [job("Host(`a.example.org`)")], { settings });
  expect(sound).toMatchObject({ code: 0, stdout: expect.stringContaining("in the chart of edge outside") });
  const broken = await printed(checkJobCommand, [job("Host(`a.example.org`")], { settings });
  expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining("group app, service web, edge outside") });
});
