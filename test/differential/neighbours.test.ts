import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseNeighbour } from "../../src/neighbours/parse.ts";
import { type Oracle, type Plain, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";

const tool = await findTool("oracle");

const ROUTER = "{ rule: x, service: s }";

/** What may stand in a router, a server, a middleware: texts, numbers, switches, mappings and lists where others belong. */
const VALUES = [
  ...["x", "''", "~", "5", "10.5", "1e3", "0x1F", "010", "1_000", "99999999999999999999", "true", "on", "maybe", "10s"],
  ...["[]", "[x]", "[5, x]", "{}", "{ x: y }", "[{}]", "[{ x: y }]", "2001-01-01", "!foo x", "'a║b'", "`x`", "%x"],
];

const PLACES: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `http: ${value}`,
  (value) => `http: { routers: ${value} }`,
  (value) => `http: { routers: { a: ${value} } }`,
  ...["rule", "priority", "tls", "entryPoints", "ruel", "observability"].map(
    (field) => (value: string) => `http: { routers: { a: { service: s, ${field}: ${value} } } }`,
  ),
  ...["servers", "passHostHeader", "healthCheck", "sticky", "strategy"].map(
    (field) => (value: string) =>
      `http: { services: { a: { loadBalancer: { serversTransport: t, ${field}: ${value} } } } }`,
  ),
  ...["compress", "stripPrefix", "headers", "basicAuth", "plugin", "chain", "buffering"].map(
    (field) => (value: string) => `http: { middlewares: { a: { ${field}: ${value} } } }`,
  ),
  (value) => `http: { serversTransports: { a: { serverName: s, insecureSkipVerify: ${value} } } }`,
  (value) => `tcp: { routers: { a: { rule: x, service: s, tls: ${value} } } }`,
  (value) => `udp: { services: { a: { loadBalancer: { servers: ${value} } } } }`,
  (value) => `tls: { certificates: ${value} }`,
  (value) => `tls: { options: { a: { minVersion: v, clientAuth: ${value} } } }`,
  (value) => `tls: { stores: { default: ${value} } }`,
];

const TEXTS = [
  ...PLACES.flatMap((at) => VALUES.map((value) => `${at(value)}\n`)),
  ...["", "# c\n", `http: { routers: { a: ${ROUTER}, a: ${ROUTER} } }\n`, `x: [\n`, "\thttp: {}\n", "a: b: c\n"],
  `---\nhttp: { routers: { a: ${ROUTER} } }\n---\n: : :\n`,
  `%YAML 1.1\n---\nhttp: { routers: { a: ${ROUTER} } }\n...\nhttp: {}\n`,
  `---\n---\nhttp: { routers: { a: ${ROUTER} } }\n`,
  `\ufeffhttp: { routers: { a: ${ROUTER} } }\n`,
  `x: &x { a: ${ROUTER} }\nhttp: { routers: { <<: *x, b: ${ROUTER} } }\n`,
  `x: &x { b: *x }\nhttp: { routers: { a: ${ROUTER} } }\n`,
  `http: { routers: { a: ${ROUTER} } }\nHTTP: { Routers: { b: ${ROUTER} } }\n`,
  `http:\n  routers:\n    ? a\n    : rule: x\n`,
  `http: {routers: {a: ${ROUTER}}}\r\ntcp: ~\r\n`,
];

function namesIn(config: { readonly [section: string]: Plain }): readonly string[] {
  return SECTIONS.flatMap((section) => {
    const [protocol = "", kind = ""] = section.split("/");
    const kinds = config[protocol];
    const entries = typeof kinds === "object" && kinds !== null && !Array.isArray(kinds) ? Object.entries(kinds) : [];
    const [, objects = {}] = entries.find(([name]) => name === kind) ?? [];
    // What Traefik calls entries of a list, and keys that are no texts, is no name that a tag could have.
    const names = Object.keys(objects ?? {}).filter((name) => !/^[[<]/.test(name));
    return names.map((name) => `${section}/${name}`);
  });
}

describe.skipIf(tool === undefined)("files beside the chart are what they are to Traefik", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  test("no name is missed, and none is called refused that Traefik loads", async () => {
    let refused = 0;
    let missed = 0;
    for (const text of TEXTS) {
      const answer = await oracle.ask({ op: "file", text });
      const ours = parseNeighbour(text, "yaml");
      if (answer.config === undefined) {
        if (ours.kind === "refused") refused += 1;
        else missed += 1;
        continue;
      }
      expect({ text, kind: ours.kind }).toEqual({ text, kind: ours.kind === "unread" ? "unread" : "operator" });
      if (ours.kind !== "operator") continue;
      const names: readonly string[] = ours.names;
      expect({ text, missing: namesIn(answer.config).filter((name) => !names.includes(name)) }).toEqual({
        text,
        missing: [],
      });
    }
    // What is not certain is not called refused; most of it is.
    expect(refused).toBeGreaterThan(missed);
  });
});
