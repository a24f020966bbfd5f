import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readOperatorConfig } from "../../src/app/inputs/operator-snippets.ts";
import { entryText } from "../../src/cli/commands/ports/asking/entry-text.ts";
import { findingsOn } from "../../src/cli/commands/ports/asking/findings.ts";
import { headline } from "../../src/cli/commands/ports/asking/headline.ts";
import { parseAsking, parsePorts } from "../../src/cli/commands/ports/asking/question-operand.ts";
import { routingTags } from "../../src/cli/commands/ports/asking/routing-tags.ts";
import { purposeLine, stepsFor } from "../../src/cli/commands/ports/asking/steps.ts";
import { PURPOSES, type Purpose } from "../../src/cli/flags/port-flags.ts";
import { checkLedgerCommand } from "../../src/cli/words/check/ledger.ts";
import { checkTagsCommand } from "../../src/cli/words/check/tags.ts";
import { loadSettings } from "../../src/config/load.ts";
import { type Answer, answerQuestion } from "../../src/core/ports/inventory/asking/answer.ts";
import { type Proposal, proposeEntry } from "../../src/core/ports/inventory/asking/proposed-entry.ts";
import { printed } from "../cli/commands/check/printed.ts";
import { playExample } from "./site.ts";

const ROOT = join(import.meta.dirname, "../../deploy/examples");
const SITES = ["homelab", "messenger", "nodeports", "gateway"] as const;

const surveys = Object.fromEntries(
  await Promise.all(SITES.map(async (site) => [site, (await playExample(site)).survey] as const)),
);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "portolan-ask-"));
});
afterAll(() => rm(directory, { recursive: true }));

interface Options {
  readonly node?: string;
  readonly service?: string;
}

function surveyOf(site: string) {
  const survey = surveys[site];
  if (survey === undefined) throw new Error(`no site ${site}`);
  return survey;
}

function ask(site: string, ports: string, { node, ...flags }: Options = {}): Answer {
  const wanted = parsePorts([ports]);
  if (wanted === undefined) throw new Error("no question");
  return answerQuestion(surveyOf(site), { ...wanted, ...(node === undefined ? {} : { node }), ...parseAsking(flags) });
}

function told(site: string, ports: string, options?: Options): string {
  return headline(ask(site, ports, options), surveyOf(site));
}

describe("the first line answers", () => {
  test.each<[site: string, ports: string, options: Options, line: string]>([
    [
      "nodeports",
      "30800",
      {},
      "30800/tcp: declared for core/api-gateway, and so on every node (scope: cluster) (dynamic port)",
    ],
    [
      "nodeports",
      "30091-30092",
      {},
      "30091-30092/tcp: declared for lab/test-agent, and so on every node (scope: cluster) (dynamic ports)",
    ],
    ["nodeports", "30810", { node: "node-236" }, "30810/tcp on node-236: taken by shadow on node-235 (dynamic port)"],
    [
      "nodeports",
      "30805",
      {},
      "30805/tcp: free on every node, but nearer than 10 to 30800, 30808 and 30810, the spacing of the group core; take 30820 (dynamic port)",
    ],
    ["nodeports", "30820", {}, "30820/tcp: free on every node (dynamic port)"],
    [
      "nodeports",
      "8080",
      {},
      "8080/tcp: free on every node, but outside the ledger's range 30000-32767 (infrastructure port)",
    ],
    ["nodeports", "30080-30092", {}, "30080-30092/tcp: 6 of the 13 ports are free: 30083-30087, 30089 (dynamic ports)"],
    [
      "homelab",
      "53/both",
      {},
      "53/tcp+udp: taken by doggos-homelab:powerdns on dns-1; free on lb-1, lb-2, node-1, node-2, og-1 (system port)",
    ],
    ["homelab", "53/udp", { node: "node-1" }, "53/udp on node-1: free (system port)"],
    ["homelab", "443", {}, "443/tcp: the load balancer's on every node, free or not (system port)"],
    ["homelab", "80/udp", { node: "node-1" }, "80/udp on node-1: the load balancer's, free or not (system port)"],
    [
      "homelab",
      "443",
      { node: "lb-1", service: "traefik" },
      "443/tcp on lb-1: free for traefik, for whom it is declared (system port)",
    ],
    ["messenger", "2379", {}, "2379/tcp: declared for data/pd on every node (infrastructure port)"],
    [
      "messenger",
      "8081",
      {},
      "8081/tcp: taken by messaging-ws on app-1; taken by powerdns-api on dns-1; free on app-2, db-1, edge-1 (infrastructure port)",
    ],
    [
      "messenger",
      "50055",
      { service: "apps/call-service", node: "app-1" },
      "50055/tcp on app-1: free for apps/call-service, for whom it is declared (high port)",
    ],
    [
      "gateway",
      "5432",
      { node: "cb" },
      "5432/tcp on cb: unsure, since no service is registered on a node of that name, and the ledger lists none (infrastructure port)",
    ],
  ])("%s: %s %j", (site, ports, options, line) => {
    expect(told(site, ports, options)).toBe(line);
  });
});

test("what is never a route is told so, with the entry that says it", () => {
  expect(findingsOn(ask("messenger", "2379"), surveyOf("messenger"))).toEqual([
    expect.stringMatching(/^declared for data\/pd: PD client API \(ledger\.yml: ports\.\d+, never\)$/),
    "registered by no service",
    "never a route: the ledger says so",
  ]);
});

const QUESTIONS: readonly string[] = [
  ...["22", "25/both", "53/both", "53/udp", "80", "443", "1500", "2379", "3000", "8000", "8080", "8081/both", "9003"],
  ...["9100-9110", "20165", "20500", "25677", "30080-30092", "30083-30087", "30700", "30805", "30810", "30820/udp"],
  ...["30900", "30902", "31999-32001", "40000", "50055", "50057", "65535"],
];
const SERVICES: readonly (string | undefined)[] = [undefined, "pd", "minio-console", "lab/web"];

describe.each(SITES)("on the site %s", (site) => {
  const survey = surveyOf(site);
  const text = readFileSync(join(ROOT, site, "ledger.yml"), "utf8");

  test("each entry that is proposed passes check ledger when it is pasted", async () => {
    const file = join(directory, `${site}.yml`);
    const entries = new Set<string>();
    for (const node of [undefined, [...survey.nodes.keys()].at(-1), "nowhere"]) {
      for (const service of SERVICES) {
        for (const ports of QUESTIONS) {
          const proposal = proposeEntry(
            survey,
            ask(site, ports, { ...(node && { node }), ...(service && { service }) }),
          );
          if (proposal.kind === "entry") entries.add(entryText(proposal.entry, "…"));
          else expect(whyNone(proposal)).not.toBe("");
        }
      }
    }
    expect(entries.size).toBeGreaterThan(20);
    for (const entry of entries) {
      await writeFile(file, `${text}\n  ${entry}\n`);
      expect(await printed(checkLedgerCommand, [file]), entry).toMatchObject({ code: 0 });
    }
  });

  test("the tags for users are those by which such a service is routed", async () => {
    const file = join(ROOT, site, "portolan.yml");
    const settings = await loadSettings({ settings: file }, {});
    const operatorConfig = await readOperatorConfig(settings);
    for (const service of ["shop", "shop-ws", "shop-admin", "triton", "web"]) {
      const { tags, rule } = routingTags(service, settings, operatorConfig);
      expect(rule, service).toBeDefined();
      expect(await printed(checkTagsCommand, tags, { settings: file, service }), service).toMatchObject({ code: 0 });
    }
  });
});

function whyNone(proposal: Exclude<Proposal, { kind: "entry" }>): string {
  return proposal.kind === "none" ? `${proposal.why}; ${proposal.remedy}` : proposal.origins.join();
}

describe("the proposed entry", () => {
  const entry = (site: string, ports: string, options?: Options) => {
    const proposal = proposeEntry(surveyOf(site), ask(site, ports, options));
    return proposal.kind === "entry" ? entryText(proposal.entry, "…") : whyNone(proposal);
  };

  test.each<[site: string, ports: string, options: Options, line: string]>([
    [
      "homelab",
      "53/both",
      {},
      "- { ports: 53, protocol: both, owner: NAME, exposure: internal, nodes: [lb-1, lb-2, node-1, node-2, og-1], purpose: … }",
    ],
    ["homelab", "25", { service: "mail" }, "- { ports: 25, owner: mail, exposure: internal, purpose: … }"],
    [
      "nodeports",
      "30805",
      { service: "redis", node: "node-236" },
      "- { ports: 30820, owner: redis, namespace: core, exposure: internal, nodes: [node-236], purpose: … }",
    ],
    [
      "nodeports",
      "30700",
      { service: "minio-console" },
      "- { ports: 30700, owner: minio-console, namespace: core, exposure: restricted, from: [192.168.7.0/24], purpose: … }",
    ],
    [
      "nodeports",
      "8080",
      {},
      "8080 is outside the ledger's range 30000-32767, and an entry for it is refused; ask for a port within 30000-32767, or widen range in",
    ],
    [
      "nodeports",
      "30700",
      { node: "node-239" },
      'lists the nodes of the site, and node-239 is none of them (node-235, node-236, node-237, node-238); check the spelling, or write "node-239": ADDRESS into its nodes',
    ],
    [
      "nodeports",
      "30700",
      { service: "a*" },
      'a pattern such as "a*" would open the ports to every service that fits it; name one service with --service',
    ],
    ["nodeports", "30080-30092", {}, "not all of the ports are free; ask for those that are: 30083-30087, 30089"],
    ["messenger", "50055", { service: "call-service" }, "ledger.yml: ports."],
    [
      "homelab",
      "443",
      {},
      "80 and 443 are the load balancer's; let the scheduler choose the port, and users come through the load balancer",
    ],
  ])("%s: %s %j", (site, ports, options, line) => {
    expect(entry(site, ports, options)).toContain(line);
  });
});

describe("why the port is wanted", () => {
  async function walk(site: string, purpose: Purpose, ports?: string, options: Options = {}) {
    const settings = await loadSettings({ settings: join(ROOT, site, "portolan.yml") }, {});
    const survey = surveyOf(site);
    const found = ports === undefined ? undefined : { answer: ask(site, ports, options), survey };
    const name = options.service ?? "NAME";
    const operatorConfig = await readOperatorConfig(settings);
    const tags = () => routingTags(name, settings, operatorConfig);
    const asked = { found, dynamic: survey.dynamic, tags, name, snippets: settings.snippets };
    return { line: purposeLine(purpose, asked), steps: stepsFor(purpose, asked) };
  }

  test("users need none, with a port or without: the load balancer, a dynamic port, and tags to paste", async () => {
    for (const ports of [undefined, "30800", "443"]) {
      const { line, steps } = await walk("homelab", "users", ports, { service: "windmill" });
      expect(line).toContain("users need no port of their own");
      expect(steps).toEqual([
        { text: expect.stringContaining("20000-32000"), paste: ["traefik.enable=true"] },
        { text: "users reach it then by Host(`windmill.lab.local`)" },
      ]);
    }
  });

  test("a protocol's port is declared where it is free, and its conflict solved where it is not", async () => {
    const free = await walk("homelab", "protocol", "25/both", { node: "node-1", service: "mail" });
    expect(free.line).toContain("declare it, and open the firewall");
    expect(free.steps.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^declare it in .*ledger\.yml, under ports:$/),
      "open it in the firewall: see portolan firewall",
    ]);
    const taken = await walk("homelab", "protocol", "53/both", { node: "dns-1" });
    expect(taken.line).toContain("use another node, or solve the conflict");
    expect(taken.steps[0]?.text).toBe(
      "a conflict: use another node (lb-1, lb-2, node-1, node-2, og-1), or move what is there",
    );
  });

  test("what is old keeps its port for now, with a static route that is charted, and a plan to leave it", async () => {
    const { line, steps } = await walk("homelab", "legacy", "5000", { node: "node-1", service: "old-nas" });
    expect(line).toBe("keep the port for now, and plan the migration to a dynamic one");
    expect(steps.map(({ text }) => text.replace(/:.*|,.*/s, ""))).toEqual(["now", "now", "now", "next", "then"]);
    const route = steps.find(({ text }) => text.includes("static route"))?.paste ?? [];
    expect(route).toContain('    old-nas: { loadBalancer: { servers: [{ url: "http://192.168.11.21:5000" }] } }');
  });

  test.each(PURPOSES)("%s is answered without a port", async (purpose) => {
    const { steps } = await walk("gateway", purpose);
    expect(steps.length).toBeGreaterThan(0);
  });
});

test.each(["0", "70000", "30092-30091", "53/sctp", "pd", "53 80", "", "-1", "53/", "1-", "0-5", "53/tcp/udp"])(
  "%j is no question, and one line says what is",
  (operand) => {
    const question = () => parsePorts([operand]);
    expect(question).toThrow(
      `ports ask: found ${JSON.stringify(operand)}; one port or range from 1 to 65535 is allowed, with tcp (the default), udp or both`,
    );
  },
);

test("several ports are no question", () => {
  expect(() => parsePorts(["53", "80"])).toThrow('found "53 80"; one port or range');
});
