import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { DIAGNOSTIC_CODES } from "../../src/core/diagnostics/diagnostics.ts";
import type { Finding } from "../../src/core/diagnostics/finding.ts";
import type { ConfigObject } from "../../src/core/traefik/chart/dynamic-config.ts";
import { lintObject } from "../../src/core/traefik/lint/lint.ts";
import { until } from "../support/await-until.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, startRealTraefik } from "../support/real-traefik.ts";

/** What may be judged, by name. The entry point is `web`. Each service and middleware gets a sound router of its own. */
const HTTP_ROUTERS: Readonly<Record<string, ConfigObject>> = {
  sound: {},
  greatestPriority: { priority: "9223372036854774807" },
  reservedPriority: { priority: "9223372036854774808" },
  oneEntryPoint: { entryPoints: ["web", "elsewhere"] },
  noEntryPoint: { entryPoints: ["elsewhere"] },
  verbosity: { observability: { traceVerbosity: "Detailed" } },
  openRule: { rule: "Host(`a`" },
  oldRule: { rule: "Host(`a`, `b`)" },
  oldSyntax: { rule: "Host(`a`, `b`)", ruleSyntax: "v2" },
};
const HTTP_SERVICES: Readonly<Record<string, ConfigObject>> = {
  sound: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } },
  badUrl: { loadBalancer: { servers: [{ url: "http://127.0.0.1:http" }] } },
  noScheme: { loadBalancer: { servers: [{ url: "127.0.0.1:80" }] } },
  strategy: { loadBalancer: { servers: [], strategy: "P2C" } },
  sameSite: { loadBalancer: { servers: [], sticky: { cookie: { sameSite: "Lax" } } } },
  twoTypes: { loadBalancer: { servers: [] }, weighted: { services: [{ name: "sound" }] } },
  noType: {},
};
const HTTP_MIDDLEWARES: Readonly<Record<string, ConfigObject>> = {
  sound: { compress: {} },
  twoTypes: { compress: {}, stripPrefix: { prefixes: ["/a"] } },
  withPlugin: { compress: {}, plugin: { any: { a: "b" } } },
  noType: {},
  users: { basicAuth: { users: ["a:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"] } },
  brokenUser: { basicAuth: { users: ["a"] } },
  digest: { digestAuth: { users: ["a:realm:a2688e031edb4be6a3797f3882655c05"] } },
  brokenDigest: { digestAuth: { users: ["a:b"] } },
  nobodyDigest: { digestAuth: { realm: "x" } },
  ranges: { ipAllowList: { sourceRange: ["10.0.0.0/8", "fd00::1"] } },
  brokenRange: { ipAllowList: { sourceRange: ["10.0.0.0/8", "nope"] } },
  noRange: { ipAllowList: { ipStrategy: { depth: 1 } } },
  redirect: { redirectScheme: { scheme: "https" } },
  noScheme: { redirectScheme: { permanent: true } },
  retry: { retry: { attempts: 2 } },
  noRetry: { retry: { initialInterval: "1s" } },
  noPrefix: { addPrefix: { prefix: "" } },
  noErrorService: { errors: { query: "/x" } },
  excluded: { rateLimit: { average: 1, sourceCriterion: { ipStrategy: { excludedIPs: ["10.0.0.1"] } } } },
  brokenExcluded: { inFlightReq: { amount: 1, sourceCriterion: { ipStrategy: { excludedIPs: ["a"] } } } },
};
/** Middlewares by the field of which Traefik takes some values and refuses others when it builds them. */
const VALUES: Readonly<Record<string, readonly ConfigObject[]>> = {
  period: ["1s", "0s", "0", "-1s", "-1"].map((period) => ({ rateLimit: { average: 1, period } })),
  criterion: ["rateLimit", "inFlightReq"].flatMap((type) =>
    [
      { requestHost: true },
      { requestHost: false, requestHeaderName: "X-A" },
      { requestHost: true, requestHeaderName: "X-A" },
      { requestHost: true, ipStrategy: { depth: 1 } },
      { requestHeaderName: "X-A", ipStrategy: { depth: 1 } },
      { ipStrategy: { depth: 1, excludedIPs: ["a"] } },
      { ipStrategy: { excludedIPs: ["a"] } },
      { ipStrategy: { ipv6Subnet: 64 } },
      { ipStrategy: { ipv6Subnet: 0 } },
      { ipStrategy: { ipv6Subnet: 129, depth: 1 } },
      { ipStrategy: { ipv6Subnet: 129, excludedIPs: ["10.0.0.1"] } },
    ].map((sourceCriterion) => ({ [type]: { [type === "rateLimit" ? "average" : "amount"]: 1, sourceCriterion } })),
  ),
  strategy: ["ipAllowList", "ipWhiteList"].flatMap((type) =>
    [{ excludedIPs: ["a"] }, { ipv6Subnet: -1 }, { ipv6Subnet: 128 }, { depth: 2, excludedIPs: ["a"] }].map(
      (ipStrategy) => ({ [type]: { sourceRange: ["10.0.0.0/8"], ipStrategy } }),
    ),
  ),
  rejectStatusCode: [
    0, 99, 100, 104, 209, 226, 306, 307, 403, 418, 419, 420, 421, 427, 429, 430, 451, 509, 511, 600,
  ].map((rejectStatusCode) => ({ ipAllowList: { sourceRange: ["10.0.0.0/8"], rejectStatusCode } })),
  compress: [
    { excludedContentTypes: ["text/html"], includedContentTypes: ["text/css"] },
    ...[
      "text",
      "text/html; charset=utf-8",
      "text/html;",
      "/html",
      "text/",
      "text html",
      "text/html; a",
      'text/html; a=b; c="d e"',
      "a,b",
    ].flatMap((type) => [{ excludedContentTypes: [type] }, { includedContentTypes: [type] }]),
    { encodings: ["gzip", "br", "zstd"] },
    { encodings: ["deflate"] },
    { encodings: ["GZIP"] },
    { encodings: ["br"], defaultEncoding: "br" },
    { encodings: ["br"], defaultEncoding: "gzip" },
    { defaultEncoding: "gzip" },
    { defaultEncoding: "identity" },
    { minResponseBodyBytes: -1 },
  ].map((compress) => ({ compress })),
  errorStatus: [
    "500",
    "500-599",
    "500-",
    "-500",
    "5xx",
    "500-599-",
    "500,501",
    " 500",
    "+500",
    "99999999999999999999",
  ].flatMap((status) => [
    { errors: { service: "sound", query: "/", status: [status] } },
    { errors: { service: "sound", query: "/", status: ["500"], statusRewrites: { [status]: 404 } } },
  ]),
  regex: ["^/a", "(", "(?=a)", "a{3,2}", " [a-z ", "\\1", "(?P<a>b)(?P<a>c)", "(?i)a", "\\Q(", "a**", ""].flatMap(
    (regex) => [
      { redirectRegex: { regex, replacement: "/" } },
      { replacePathRegex: { regex, replacement: "/" } },
      { stripPrefixRegex: { regex: ["a", regex] } },
      { headers: { accessControlAllowOriginListRegex: [regex] } },
      { headers: { frameDeny: true, accessControlAllowOriginListRegex: ["a", regex] } },
      { forwardAuth: { address: "http://127.0.0.1:1", authResponseHeadersRegex: regex } },
    ],
  ),
  headers: [
    { frameDeny: false },
    { accessControlExposeHeaders: [] },
    { stsSeconds: 0 },
    { sslRedirect: false },
    { sslHost: "" },
    { customBrowserXSSValue: "0" },
    { accessControlMaxAge: 0 },
    { accessControlMaxAge: 1 },
    { customRequestHeaders: { "X-A": "" } },
    { allowedHosts: ["("] },
    { addVaryHeader: true },
  ].map((headers) => ({ headers })),
  size: ["maxRequestBodyBytes", "memRequestBodyBytes", "maxResponseBodyBytes", "memResponseBodyBytes"].flatMap(
    (field) => [{ buffering: { [field]: -1 } }, { buffering: { [field]: 0 } }],
  ),
  call: [
    { circuitBreaker: { expression: "" } },
    { circuitBreaker: { checkPeriod: "1s" } },
    { circuitBreaker: { expression: "NetworkErrorRatio() > 0.5", checkPeriod: "-1s", responseCode: 0 } },
    { circuitBreaker: { expression: "Host(`a`)" } },
    { buffering: { retryExpression: "Attempts() < 2" } },
    { buffering: { retryExpression: "Host(`a`)" } },
  ],
  other: [
    { errors: { service: "sound", query: "/", status: [" 500", "501 "] } },
    { retry: { attempts: -1 } },
    { retry: { attempts: 1, initialInterval: "-1s" } },
    { inFlightReq: { amount: -1 } },
    { rateLimit: { average: -1, burst: -1 } },
    { contentType: { autoDetect: true } },
    { stripPrefix: { prefixes: [""] } },
    { grpcWeb: { allowOrigins: ["("] } },
    { passTLSClientCert: { pem: true } },
    { forwardAuth: { address: "", trustForwardHeader: true } },
  ],
};
const VALUED = Object.fromEntries(
  Object.entries(VALUES).flatMap(([name, all]) => all.map((one, at) => [`${name}${at}`, one] as const)),
);

const MIDDLEWARES: Readonly<Record<string, ConfigObject>> = { ...HTTP_MIDDLEWARES, ...VALUED };
const TCP_ROUTERS: Readonly<Record<string, ConfigObject>> = {
  hostWithoutTls: { rule: "HostSNI(`a`)" },
  hostWithTls: { rule: "HostSNI(`a`)", tls: {} },
  patternWithoutTls: { rule: "HostSNIRegexp(`a`)" },
  hostAfterAll: { rule: "HostSNI(`*`) || HostSNI(`a`)" },
  allAfterHost: { rule: "HostSNI(`a`) || HostSNI(`*`)" },
  httpRule: { rule: "Host(`a`)" },
};
const TCP_SERVICES: Readonly<Record<string, ConfigObject>> = {
  sound: { loadBalancer: { servers: [{ address: "127.0.0.1:1" }] } },
  twoTypes: { loadBalancer: { servers: [] }, weighted: { services: [{ name: "sound" }] } },
  noType: {},
  proxyProtocol: { loadBalancer: { servers: [], proxyProtocol: { version: 1 } } },
  proxyProtocol5: { loadBalancer: { servers: [{ address: "127.0.0.1:1" }], proxyProtocol: { version: 5 } } },
};
const TCP_MIDDLEWARES: Readonly<Record<string, ConfigObject>> = {
  twoTypes: { inFlightConn: { amount: 1 }, ipAllowList: { sourceRange: ["10.0.0.0/8"] } },
  noType: {},
  noRange: { ipAllowList: { sourceRange: [] } },
  brokenRange: { ipWhiteList: { sourceRange: ["10.0.0.0/99"] } },
};

const SETTINGS = { entryPoints: ["web", "traefik"] };
const HTTP_ROUTER = { rule: "Host(`a`)", service: "sound", entryPoints: ["web"] };
const TCP_ROUTER = { rule: "HostSNI(`*`)", service: "sound", entryPoints: ["web"] };

/** The routers of the file under `<kind>-<name>`, and whether each works as far as the checks can tell. */
const EXPECTED = {
  routers: {
    ...each("router", HTTP_ROUTERS, (name, o) => lintObject("http/routers", name, { ...HTTP_ROUTER, ...o }, SETTINGS)),
    ...each("service", HTTP_SERVICES, (name, o) => lintObject("http/services", name, o, SETTINGS)),
    ...each("middleware", MIDDLEWARES, (name, o) => lintObject("http/middlewares", name, o, SETTINGS)),
  },
  tcpRouters: {
    ...each("router", TCP_ROUTERS, (name, o) => lintObject("tcp/routers", name, { ...TCP_ROUTER, ...o }, SETTINGS)),
    ...each("service", TCP_SERVICES, (name, o) => lintObject("tcp/services", name, o, SETTINGS)),
    ...each("middleware", TCP_MIDDLEWARES, (name, o) => lintObject("tcp/middlewares", name, o, SETTINGS)),
  },
};

function each<T>(
  kind: string,
  objects: Readonly<Record<string, ConfigObject>>,
  make: (name: string, object: ConfigObject) => T,
) {
  return Object.fromEntries(Object.entries(objects).map(([name, object]) => [`${kind}-${name}`, make(name, object)]));
}

function file(): string {
  return JSON.stringify({
    http: {
      routers: {
        ...each("router", HTTP_ROUTERS, (_, object) => ({ ...HTTP_ROUTER, ...object })),
        ...each("service", HTTP_SERVICES, (name) => ({ ...HTTP_ROUTER, service: name })),
        ...each("middleware", MIDDLEWARES, (name) => ({ ...HTTP_ROUTER, middlewares: [name] })),
      },
      services: HTTP_SERVICES,
      middlewares: MIDDLEWARES,
    },
    tcp: {
      routers: {
        ...each("router", TCP_ROUTERS, (_, object) => ({ ...TCP_ROUTER, ...object })),
        ...each("service", TCP_SERVICES, (name) => ({ ...TCP_ROUTER, service: name })),
        ...each("middleware", TCP_MIDDLEWARES, (name) => ({ ...TCP_ROUTER, middlewares: [name] })),
      },
      services: TCP_SERVICES,
      middlewares: TCP_MIDDLEWARES,
    },
  });
}

function isError({ code }: Finding): boolean {
  return DIAGNOSTIC_CODES[code].severity === "error";
}

type RawData = Readonly<Record<string, Readonly<Record<string, { readonly status: string }>> | undefined>>;

const tool = await findTool("traefik");

describe.skipIf(tool === undefined)("what is found by lint", () => {
  test("call an error exactly what a real Traefik disables", async () => {
    if (tool === undefined) throw new Error("no traefik");
    const directory = await mkdtemp(join(tmpdir(), "portolan-lint-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await writeFile(join(directory, "all.yml"), file());
    const traefik = await startRealTraefik(tool, { args: fileProvider(directory), directories: [directory] });
    onTestFinished(() => traefik.stop());

    const statuses = await until(
      async () => {
        const raw = (await (await fetch(`${traefik.apiUrl}/api/rawdata`)).json()) as RawData;
        return raw["routers"]?.["router-sound@file"] === undefined ? undefined : raw;
      },
      { timeoutMs: 20_000, what: "the file to be loaded" },
    );

    for (const section of ["routers", "tcpRouters"] as const) {
      const ours = Object.entries(EXPECTED[section]).map(([name, findings]) => [name, findings.some(isError)]);
      const theirs = ours.map(([name]) => [name, statuses[section]?.[`${name}@file`]?.status === "disabled"]);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    }
  });
});
