import { describe, expect, test } from "vitest";
import type { Finding } from "../../../../src/core/diagnostics/finding.ts";
import type { ConfigObject } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { lintObject } from "../../../../src/core/traefik/lint/lint.ts";
import type { LintSettings } from "../../../../src/core/traefik/lint/subject.ts";

const UNDECLARED: LintSettings = { entryPoints: [] };
const DECLARED: LintSettings = { entryPoints: ["web", "websecure", "postgres"] };
const SOUND: readonly string[] = [];

const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

test.each([
  [{}, SOUND],
  [{ sticky: {} }, ["VALUE_IGNORED"]],
  [{ sticky: { cookie: {} } }, SOUND],
])("a load balancer %j: %j", (loadBalancer, expected) => {
  expect(codes(lintObject("http/services", "s", { loadBalancer }, UNDECLARED))).toEqual(expected);
});

describe("a router", () => {
  test.each<["http" | "tcp" | "udp", ConfigObject, readonly string[]]>([
    ["http", { rule: "Host(`a`)" }, SOUND],
    ["http", { service: "a" }, SOUND],
    ["http", { rule: "Host(`a`" }, ["RULE_SYNTAX"]],
    ["http", { rule: "HostSNI(`a`)" }, ["RULE_SYNTAX"]],
    ["http", { rule: "Host(`a`, `b`)", ruleSyntax: "v2" }, SOUND],
    ["http", { rule: "Host(`a`, `b`)", ruleSyntax: "default" }, ["RULE_SYNTAX"]],
    ["tcp", { rule: "Host(`a`)", tls: {} }, ["RULE_SYNTAX"]],
    ["udp", { service: "a" }, SOUND],

    ["http", { rule: "HostRegexp(`{sub:.+}.a`)" }, ["RULE_OLD_SYNTAX"]],
    ["http", { rule: "HostRegexp(`{sub:.+}.a`)", ruleSyntax: "v2" }, SOUND],
    ["http", { rule: "Host(`a`) || !Path(`/{id}`)" }, ["RULE_OLD_SYNTAX"]],
    ["http", { rule: "Query(`a=b`)" }, ["RULE_OLD_SYNTAX"]],
    ["http", { rule: "Query(`a`, `b=c`)" }, SOUND],
    ["http", { rule: "Header(`a`, `{b:c}`)" }, SOUND],

    ["tcp", { rule: "HostSNI(`*`)" }, SOUND],
    ["tcp", { rule: "HostSNI(`a`)" }, ["HOSTSNI_WITHOUT_TLS"]],
    ["tcp", { rule: "HostSNI(`a`)", tls: {} }, SOUND],
    ["tcp", { rule: "ClientIP(`::1`) && hostsni(`a`)" }, ["HOSTSNI_WITHOUT_TLS"]],
    ["tcp", { rule: "HostSNI(`*`) || HostSNI(`a`)" }, SOUND],
    ["tcp", { rule: "HostSNIRegexp(`a`)" }, SOUND],
    ["tcp", { rule: "ClientIP(`::1`)" }, SOUND],

    ["http", { priority: 10 }, SOUND],
    ["http", { priority: -10 }, SOUND],
    ["http", { priority: "9223372036854774807" }, SOUND],
    ["http", { priority: "9223372036854774808" }, ["PRIORITY_OUT_OF_RANGE"]],
    ["tcp", { priority: "+9223372036854775807" }, ["PRIORITY_OUT_OF_RANGE"]],

    ["http", { observability: { traceVerbosity: "detailed" } }, SOUND],
    ["http", { observability: { traceVerbosity: "" } }, SOUND],
    ["http", { observability: { traceVerbosity: "Detailed" } }, ["VALUE_IGNORED"]],
    ["http", { rule: "Host", priority: "9223372036854775807" }, ["RULE_SYNTAX", "PRIORITY_OUT_OF_RANGE"]],
  ])("%s %j: %j", (protocol, router, expected) => {
    expect(codes(lintObject(`${protocol}/routers`, "r", router, UNDECLARED))).toEqual(expected);
  });

  test.each<[readonly string[], readonly string[]]>([
    [["web"], SOUND],
    [[], SOUND],
    [["web", "wob"], ["ENTRYPOINT_UNKNOWN"]],
    [["wob"], ["ENTRYPOINT_MISSING"]],
    [
      ["a", "b"],
      ["ENTRYPOINT_MISSING", "ENTRYPOINT_MISSING"],
    ],
    [["web", ""], ["ENTRYPOINT_UNKNOWN"]],
    [["Web"], ["ENTRYPOINT_MISSING"]],
  ])("at the entry points %j, where web, websecure and postgres are declared: %j", (entryPoints, expected) => {
    expect(codes(lintObject("http/routers", "r", { entryPoints }, DECLARED))).toEqual(expected);
    expect(lintObject("http/routers", "r", { entryPoints }, UNDECLARED)).toEqual([]);
  });

  test.each([
    ["HostRegexp(`{sub:[a-z]+}.example.org`)", "HostRegexp(`^[a-z]+\\.example\\.org$`)"],
    ["Host(`{sub:a|b}.example.org`)", "HostRegexp(`^(a|b)\\.example\\.org$`)"],
    ["Path(`/item/{id:[0-9]{1,4}}`)", "PathRegexp(`^/item/[0-9]{1,4}$`)"],
    ["PathPrefix(`/a+b/{name}/`)", "PathRegexp(`^/a\\+b/[^/]+/`)"],
    ["Query(`a=b=c`)", "Query(`a`, `b=c`)"],
  ])("of v2, %s, is to be written %s", (rule, instead) => {
    const [found] = lintObject("http/routers", "r", { rule }, UNDECLARED);
    expect(found?.remedy).toContain(`write ${instead}, or set ruleSyntax`);
    expect(lintObject("http/routers", "r", { rule: instead }, UNDECLARED)).toEqual([]);
  });

  test("has the whole remedy in its finding", () => {
    const router = { rule: "Hst(`a`)", entryPoints: ["websecur"] };
    expect(lintObject("tcp/routers", "db", router, DECLARED)).toEqual([
      {
        code: "RULE_SYNTAX",
        message:
          'tcp router "db" has a broken rule: at character 1: there is no matcher "Hst"; a TCP rule may have HostSNI, HostSNIRegexp, ClientIP, ALPN',
        remedy: "use one of them",
        spot: { in: "value", offset: 0, text: "Hst" },
      },
      {
        code: "ENTRYPOINT_MISSING",
        message:
          'tcp router "db" names the entry point "websecur", declared are web, websecure, postgres; it is left with none',
        remedy:
          'write "websecure", or declare it in the settings: traefik: { entryPoints: ["web", "websecure", "postgres", "websecur"] }',
      },
    ]);
  });
});

describe("a service", () => {
  const balancer = (fields: ConfigObject): ConfigObject => ({ loadBalancer: fields });

  test.each<[ConfigObject, readonly string[]]>([
    [balancer({ servers: [] }), SOUND],
    [{}, ["TYPE_MISSING"]],
    [{ middlewares: ["a"] }, ["TYPE_MISSING"]],
    [{ ...balancer({}), middlewares: ["a"] }, SOUND],
    [{ ...balancer({}), weighted: {} }, ["TYPE_AMBIGUOUS"]],
    [balancer({ strategy: "p2c" }), SOUND],
    [balancer({ strategy: "P2C" }), ["VALUE_UNKNOWN"]],
    [balancer({ healthCheck: { mode: "grpc" } }), SOUND],
    [balancer({ healthCheck: { mode: "tcp" } }), ["VALUE_IGNORED"]],
    [balancer({ sticky: { cookie: { sameSite: "lax" } } }), SOUND],
    [balancer({ sticky: { cookie: { sameSite: "Lax" } } }), ["VALUE_IGNORED"]],
    [{ weighted: { sticky: { cookie: { sameSite: "any" } } } }, ["VALUE_IGNORED"]],
    [balancer({ servers: [{ url: "http://10.0.0.1:80" }] }), SOUND],
    [balancer({ servers: [{ url: "http://10.0.0.1:80" }, { url: "http://10.0.0.1:http" }] }), ["SERVER_URL_INVALID"]],
  ])("%j: %j", (service, expected) => {
    expect(codes(lintObject("http/services", "s", service, UNDECLARED))).toEqual(expected);
  });

  test.each(["tcp", "udp"] as const)("%s has one type, too, and its addresses are no URLs", (protocol) => {
    const servers = { servers: [{ address: "10.0.0.1:80" }] };
    expect(lintObject(`${protocol}/services`, "s", balancer(servers), UNDECLARED)).toEqual([]);
    expect(codes(lintObject(`${protocol}/services`, "s", { loadBalancer: servers, weighted: {} }, UNDECLARED))).toEqual(
      ["TYPE_AMBIGUOUS"],
    );
  });

  test("has no URL in its finding that may hold a password", () => {
    const service = balancer({ servers: [{ url: "http://user:s3cret@10.0.0.1:port" }] });
    const [finding] = lintObject("http/services", "s", service, UNDECLARED);
    expect(finding?.message).toBe('service "s" has a server whose URL has a port that is no number');
  });
});

test("a store of certificates has nothing to judge", () => {
  expect(lintObject("tls/stores", "default", {}, DECLARED)).toEqual([]);
});

describe("a middleware", () => {
  test.each<["http" | "tcp", ConfigObject, readonly string[]]>([
    ["http", { compress: {} }, SOUND],
    ["http", {}, ["TYPE_MISSING"]],
    ["http", { stripPrefix: {}, compress: {} }, ["TYPE_AMBIGUOUS"]],
    ["http", { plugin: { one: {} } }, SOUND],
    ["http", { plugin: { one: {}, two: {} } }, ["TYPE_AMBIGUOUS"]],
    ["http", { plugin: {} }, ["TYPE_MISSING"]],
    ["http", { plugin: { one: {} }, compress: {} }, ["TYPE_AMBIGUOUS"]],
    ["tcp", { ipAllowList: { sourceRange: ["10.0.0.1"] } }, SOUND],
    ["tcp", { ipAllowList: {} }, ["VALUE_MISSING"]],
    ["http", { basicAuth: {} }, ["VALUE_MISSING"]],
    ["http", { basicAuth: { usersFile: "/users" } }, SOUND],
    ["http", { basicAuth: { users: ["bob"] } }, ["VALUE_UNKNOWN"]],
    ["http", { digestAuth: {} }, SOUND],
    ["http", { ipAllowList: { sourceRange: ["10.0.0.0/99"] } }, ["VALUE_UNKNOWN"]],
    ["http", { redirectScheme: { permanent: true } }, ["VALUE_MISSING"]],
    ["http", { retry: {} }, ["VALUE_MISSING"]],
    ["http", { rateLimit: { average: 1, period: "-1s" } }, ["VALUE_UNKNOWN"]],
    ["http", { inFlightReq: { sourceCriterion: { requestHost: true, requestHeaderName: "A" } } }, ["VALUE_UNKNOWN"]],
    ["http", { ipAllowList: { sourceRange: ["10.0.0.1"], rejectStatusCode: 600 } }, ["VALUE_UNKNOWN"]],
    ["tcp", { ipAllowList: { sourceRange: ["10.0.0.1"], rejectStatusCode: 600 } }, SOUND],
    ["http", { ipAllowList: { sourceRange: ["10.0.0.1"], ipStrategy: { ipv6Subnet: 0 } } }, ["VALUE_UNKNOWN"]],
    ["http", { compress: { encodings: ["deflate"] } }, ["VALUE_UNKNOWN"]],
    ["http", { errors: { service: "a", status: ["5xx"] } }, ["VALUE_UNKNOWN"]],
    ["http", { buffering: { memRequestBodyBytes: -1 } }, ["VALUE_UNKNOWN"]],
    ["http", { circuitBreaker: { checkPeriod: "1s" } }, ["VALUE_MISSING"]],
    ["http", { headers: { frameDeny: false } }, ["VALUE_MISSING"]],
    ["http", { headers: {} }, ["VALUE_MISSING"]],
    ["http", { stripPrefixRegex: { regex: ["(?=a)"] } }, ["VALUE_UNKNOWN"]],
    ["http", { stripPrefixRegex: { regex: ["a{200}", "(?=a)"] } }, ["VALUE_UNKNOWN"]],
    // Not judged: to compile what goes before would take too long.
    ["http", { stripPrefixRegex: { regex: ["a{1000}", "(?=a)"] } }, SOUND],
    ["http", { redirectRegex: { regex: `(?=a)${"b".repeat(300)}` } }, SOUND],
    ["tcp", {}, ["TYPE_MISSING"]],
    ["tcp", { inFlightConn: {}, ipAllowList: { sourceRange: ["10.0.0.1"] } }, ["VALUE_IGNORED"]],
  ])("%s %j: %j", (protocol, middleware, expected) => {
    expect(codes(lintObject(`${protocol}/middlewares`, "m", middleware, UNDECLARED))).toEqual(expected);
  });

  test("has in its finding what was found, where, and what is allowed", () => {
    const middleware = { redirectRegex: { regex: "(", replacement: "/" } };
    expect(lintObject("http/middlewares", "m", middleware, UNDECLARED)).toEqual([
      {
        code: "VALUE_UNKNOWN",
        message:
          'middleware "m" has "(" (error parsing regexp: missing closing ): `(`) in redirectRegex.regex that traefik cannot read',
        remedy: "write a regular expression of Go (RE2)",
      },
    ]);
  });

  test("of TCP has in its finding which of its types counts", () => {
    const [finding] = lintObject("tcp/middlewares", "m", { inFlightConn: {}, ipWhiteList: {} }, UNDECLARED);
    expect(finding?.message).toBe(
      'tcp middleware "m" has several types; traefik takes ipWhiteList and ignores inFlightConn',
    );
  });
});
