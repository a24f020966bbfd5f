import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeTraefikTexts } from "../../src/app/traefik-files/traefik-files.ts";
import { isMapping } from "../../src/base/mapping.ts";
import { reachIn } from "../../src/core/chart-diff/reach-in.ts";
import { configFrom, newConfig, type ResourceKey, routersOf } from "../../src/core/traefik/chart/dynamic-config.ts";
import { toConfigObject } from "../../src/core/traefik/chart/parse-chart.ts";
import { parseTraefikText } from "../../src/neighbours/parse.ts";
import { readCases } from "../golden/case-file.ts";
import { playCase } from "../golden/play.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";

const SETTINGS = { version: "3.6", entryPoints: [], ruleSyntax: "v3", defaultEntryPoints: [] } as const;

const SERVICE = "a: { loadBalancer: { servers: [{ url: 'http://10.0.0.1:1' }] } }";
/** A router `x` in the midst of what each case brings. */
function http(router: string, more = "", services = SERVICE): string {
  return `http: { routers: { ok: { rule: Host(\`ok\`), service: a }, x: ${router} }, services: { ${services} }${more} }\n`;
}

const BROKEN: Readonly<Record<string, string>> = {
  sound: http("{ rule: Host(`x`), service: a }"),
  "unknown field": http("{ rule: Host(`x`), service: a, ruel: x }"),
  "wrong type": http("{ rule: Host(`x`), service: a, priority: high }"),
  "broken rule": http("{ rule: Host(`x`, service: a }".replace("Host(`x`", '"Host(`x`"')),
  "unknown matcher": http("{ rule: Hots(`x`), service: a }"),
  "no rule": http("{ service: a }"),
  "no service": http("{ rule: Host(`x`) }"),
  "unknown service": http("{ rule: Host(`x`), service: b }"),
  "service of this file by its provider": http("{ rule: Host(`x`), service: a@file }"),
  "unknown service of this provider": http("{ rule: Host(`x`), service: b@file }"),
  "unknown middleware": http("{ rule: Host(`x`), service: a, middlewares: [m] }"),
  "a chain to nothing": http(
    "{ rule: Host(`x`), service: a, middlewares: [m] }",
    ", middlewares: { m: { chain: { middlewares: [n] } } }",
  ),
  "a circle": http(
    "{ rule: Host(`x`), service: a, middlewares: [m] }",
    ", middlewares: { m: { chain: { middlewares: [n] } }, n: { chain: { middlewares: [m] } } }",
  ),
  "a broken middleware": http(
    "{ rule: Host(`x`), service: a, middlewares: [m] }",
    ", middlewares: { m: { basicAuth: { users: [x] } } }",
  ),
  "two types": http(
    "{ rule: Host(`x`), service: a, middlewares: [m] }",
    ", middlewares: { m: { compress: {}, addPrefix: { prefix: /x } } }",
  ),
  "a weighted service to nothing": http(
    "{ rule: Host(`x`), service: w }",
    "",
    `${SERVICE}, w: { weighted: { services: [{ name: b, weight: 1 }] } }`,
  ),
  "an unknown transport": http(
    "{ rule: Host(`x`), service: w }",
    "",
    `${SERVICE}, w: { loadBalancer: { serversTransport: t, servers: [{ url: 'http://10.0.0.1:1' }] } }`,
  ),
  "unknown TLS options": http("{ rule: Host(`x`), service: a, tls: { options: strict } }"),
  "an empty section": "http: { routers: {} }\n",
  "an empty object": http(
    "{ rule: Host(`x`), service: a, middlewares: [m] }",
    ", middlewares: { m: { rateLimit: {} } }",
  ),
  "no mapping": "[a]\n",
  "broken YAML": "http: [\n",
  nothing: "",
  "tcp without TLS":
    "tcp: { routers: { x: { rule: HostSNI(`x`), service: a } }, services: { a: { loadBalancer: { servers: [{ address: 'h:1' }] } } } }\n",
  "udp to nothing": "udp: { routers: { x: { service: a, entryPoints: [web] } } }\n",
};

/** Whether the file is refused, and else the routers that are disabled, by what `check chart` says. */
function ours(text: string) {
  const flaws = judgeTraefikTexts([{ name: "x.yml", format: "yaml", text }], SETTINGS);
  if (flaws.some(({ effect }) => effect === "file")) return "refused";
  const told = new Map(
    flaws.filter(({ effect }) => effect === "part").map(({ path }) => [path.join("/") as ResourceKey, true]),
  );
  const parsed = parseTraefikText(text, "yaml");
  const content = "content" in parsed && isMapping(parsed.content) ? parsed.content : {};
  const config = { ...newConfig(), ...configFrom(toConfigObject(content)) };
  const reach = reachIn(config, told);
  return [...routersOf(config)].map(({ key }) => key).filter((key) => reach(key).size > 0);
}

const tool = await findTool("oracle");

describe.skipIf(tool === undefined)("check chart says of a file what Traefik does with it", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  async function theirs(text: string) {
    const { flaws } = await oracle.ask({ op: "runtime", text, elsewhere: [] });
    if (flaws === undefined) return "refused";
    return flaws
      .filter(({ key, status }) => /^\w+\/routers\//.test(key) && status === "disabled")
      .map(({ key }) => key.replace(/@file$/, ""));
  }

  test.each(Object.keys(BROKEN))("%s", async (title) => {
    const text = BROKEN[title] ?? "";
    expect(ours(text)).toEqual(await theirs(text));
  });

  test("the golden charts are sound to both", async () => {
    const charts = readCases()
      .filter(({ settings = {} }) => !/"3\.7"|compat/.test(JSON.stringify(settings)))
      .map((golden) => playCase(golden).text)
      // What they take from other providers and other files, also of passwords, is not there.
      .filter((text) => !/@|usersFile/.test(text));
    expect(charts.length).toBeGreaterThan(100);
    for (const text of charts) expect(ours(text)).toEqual(await theirs(text));
  });
});
