import { describe, expect, test } from "vitest";
import type { TraefikVersion } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { decodeFile } from "../../../../src/core/traefik/decode/decode-file.ts";
import { parseSnippet } from "../../../../src/snippets/parse.ts";

function decoded(yaml: string, version: TraefikVersion = "3.6") {
  const parsed = parseSnippet(yaml);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return decodeFile(parsed.content, version);
}

/** What comes of a middleware `m`, as plain data. */
function middleware(yaml: string, version?: TraefikVersion): unknown {
  const result = decoded(`http: { middlewares: { m: ${yaml} } }`, version);
  if (result.kind === "refused") return result.problems.map(({ path, message }) => `${path}: ${message}`);
  return JSON.parse(JSON.stringify(result.config["http/middlewares"].get("m")));
}

function problems(yaml: string, version?: TraefikVersion): readonly string[] {
  const result = decoded(yaml, version);
  return result.kind === "refused" ? result.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe("what Traefik reads from a file, with documented names", () => {
  test.each([
    ["keys in any case", "{ StripPrefix: { PREFIXES: [/a] } }", { stripPrefix: { prefixes: ["/a"] } }],
    ["a list as one text", "{ stripPrefix: { prefixes: '/a, /b' } }", { stripPrefix: { prefixes: ["/a", "/b"] } }],
    [
      "a comma inside a list's element",
      "{ stripPrefix: { prefixes: [' a,b '] } }",
      { stripPrefix: { prefixes: ["a,b"] } },
    ],
    ["numbers as text", "{ errors: { status: [500, 502-504] } }", { errors: { status: ["500", "502-504"] } }],
    ["text as numbers", "{ rateLimit: { average: '10', period: 60 } }", { rateLimit: { average: 10, period: "1m0s" } }],
    [
      "truth as text",
      "{ headers: { customRequestHeaders: { X: true } } }",
      { headers: { customRequestHeaders: { X: "true" } } },
    ],
    ["an object that may be empty", "{ compress: {} }", { compress: {} }],
    ["the same by the word true", "{ compress: true }", { compress: {} }],
    ["nothing where there is null", "{ compress: {}, headers: }", { compress: {} }],
    [
      "a plugin's settings as they are",
      "{ plugin: { p: { a: [1, x], b: { c: true }, d: } } }",
      { plugin: { p: { a: [1, "x"], b: { c: true } } } },
    ],
  ])("%s", (_, yaml, expected) => {
    expect(middleware(yaml)).toEqual(expected);
  });

  test("merged anchors, and the names of the operator in their own case", () => {
    const result = decoded("http: { middlewares: { A: &a { compress: {} }, a: { <<: *a } } }");
    expect(result.kind === "decoded" && [...result.config["http/middlewares"].keys()]).toEqual(["A", "a"]);
  });

  test("all that tags cannot define: transports, TLS options, the other types of services", () => {
    const result = decoded(`
      http:
        serversTransports: { t: { insecureSkipVerify: "true" } }
        services: { w: { weighted: { services: [{ name: a, weight: 3 }] } } }
      tcp: { serversTransports: { t: { dialTimeout: 1 } } }
      tls: { options: { modern: { minVersion: VersionTLS13 } }, stores: { default: { defaultCertificate: { certFile: c, keyFile: k } } } }
    `);
    if (result.kind === "refused") throw new Error(JSON.stringify(result.problems));
    expect(JSON.stringify(result.config["http/serversTransports"].get("t"))).toBe('{"insecureSkipVerify":true}');
    expect(JSON.stringify(result.config["http/services"].get("w"))).toContain('"weight":3');
    expect(JSON.stringify(result.config["tcp/serversTransports"].get("t"))).toBe('{"dialTimeout":"1s"}');
    expect([...result.config["tls/options"].keys(), ...result.config["tls/stores"].keys()]).toEqual([
      "modern",
      "default",
    ]);
  });
});

describe("what is refused, each with its place", () => {
  test.each([
    [
      "an unknown field",
      "{ stripPrefix: { prefix: /a } }",
      'http.middlewares.m.stripPrefix: found "prefix", which is no field of a file there; allowed: prefixes, forceSlash',
    ],
    [
      "a field of a later line",
      "{ retry: { status: ['500'] } }",
      'http.middlewares.m.retry: found "status", which only traefik 3.7 and later know, but traefik.version is an earlier one',
    ],
    [
      "a bad value",
      "{ rateLimit: { average: many } }",
      'http.middlewares.m.rateLimit.average: found "many"; allowed: a decimal integer of 64 bits, without blanks or underscores',
    ],
    [
      "a fraction that YAML has rounded",
      "{ addPrefix: { prefix: 1.50 } }",
      "http.middlewares.m.addPrefix.prefix: found 1.5; allowed: any text, in quotes",
    ],
    [
      "digits that YAML has lost",
      "{ rateLimit: { average: 9007199254740993 } }",
      "http.middlewares.m.rateLimit.average: found 9007199254740992; allowed: a decimal integer of 64 bits, without blanks or underscores, in quotes",
    ],
    [
      "a list in place of a value",
      "{ addPrefix: { prefix: [a] } }",
      "http.middlewares.m.addPrefix.prefix: found a list; allowed: any text",
    ],
    ["text in place of fields", "{ addPrefix: /a }", "http.middlewares.m.addPrefix: found a text; allowed: a mapping"],
    [
      "a key in two spellings",
      "{ compress: {}, Compress: {} }",
      "http.middlewares.m.compress: found twice, in different spelling",
    ],
    [
      "the separator of lists",
      "{ stripPrefix: { prefixes: [a║b] } }",
      'http.middlewares.m.stripPrefix.prefixes.0: found a text; allowed: text without the character "║" (U+2551)',
    ],
  ])("%s", (_, yaml, expected) => {
    expect(middleware(yaml)).toEqual([expected]);
  });

  test.each([
    ["a misspelt root", "htpp: {}", ': found "htpp", which is no field of a file there; allowed: http, tcp, udp, tls'],
    [
      "what counts in tags only",
      "http: { services: { s: { loadBalancer: { servers: [{ port: 80 }] } } } }",
      'http.services.s.loadBalancer.servers.0: found "port", which is no field of a file there; allowed: url, weight, preservePath',
    ],
    [
      "what a chart has no place for",
      "tls: { certificates: [] }",
      "tls.certificates: found, but a chart has no place for it",
    ],
    [
      "a name with a provider",
      "http: { middlewares: { a@file: { compress: {} } } }",
      'http.middlewares.a@file: found "@" in the name, which separates a name from its provider',
    ],
    ["a file that is no mapping", "- http", ": found a list; allowed: a mapping"],
  ])("%s", (_, yaml, expected) => {
    expect(problems(yaml)).toEqual([expected]);
  });

  test("a name that Traefik's YAML parser would choke on", () => {
    expect(problems(`http: { middlewares: { ? ${"x".repeat(1100)} : { compress: {} } } }`)).toEqual([
      "http.middlewares.…: the name takes 1100 characters in a file, at most 1022 are allowed",
    ]);
  });

  test("all problems at once, each with a remedy; a field of 3.7 is none for 3.7", () => {
    const result = decoded("http: { middlewares: { m: { addPrefx: {}, retry: { attempts: x } } } }");
    expect(result.kind === "refused" && result.problems.map(({ remedy }) => remedy)).toEqual([
      'write "addPrefix"',
      "correct the value, or remove the field",
    ]);
    expect(middleware("{ retry: { status: [500] } }", "3.7")).toEqual({ retry: { status: ["500"] } });
  });
});

test.each([
  ["in a misspelt field", "http: { middlewares: { m: { basicAuth: { user: [SECRET] } } } }"],
  ["as a key", "http: { middlewares: { m: { basicAuth: { 'admin:SECRET': } } } }"],
  ["in place of a mapping", "http: { middlewares: { m: { basicAuth: 'admin:SECRET' } } }"],
  [
    "in a list of a secret field",
    "http: { middlewares: { m: { basicAuth: { users: [{ admin: SECRET }, 'SECRET║'] } } } }",
  ],
  ["in place of a list", "http: { middlewares: { m: { basicAuth: { users: 1.5, realm: [SECRET] } } } }"],
  [
    "as a text in place of headers",
    "http: { middlewares: { m: { headers: { customRequestHeaders: 'Authorization: SECRET' } } } }",
  ],
  ["in a plugin", "http: { middlewares: { m: { plugin: { p: { key: 'SECRET║' } } } } }"],
])("a secret %s is not shown", (_, yaml) => {
  const result = decoded(yaml);
  expect(result.kind).toBe("refused");
  expect(JSON.stringify(result)).not.toContain("SECRET");
});
