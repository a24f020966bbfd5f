import { describe, expect, test } from "vitest";
import type { ConfigObject, Section } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { boundFindings } from "../../../../src/core/traefik/lint/tag-bounds.ts";
import { fieldPaths } from "../../../../src/core/traefik/schema/field-paths.ts";

function flaws(section: Section, object: ConfigObject): readonly string[] {
  return boundFindings(section, "x", object, { prefix: "traefik" }).map(({ message }) => message);
}

function user(cost: number): string {
  return `admin:$2y$${String(cost).padStart(2, "0")}$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234`;
}

const domains = (count: number) => Array.from({ length: count }, (_, number) => ({ main: `h${number}.example.org` }));
const sans = (count: number) => Array.from({ length: count }, (_, number) => `h${number}.example.org`);

test.each<[Section, ConfigObject, string]>([
  ["http/services", { loadBalancer: { healthCheck: { interval: "1ms" } } }, "1ms in loadBalancer.healthCheck.interval"],
  ["http/services", { loadBalancer: { healthCheck: { unhealthyInterval: "999ms" } } }, "at least 1s"],
  ["tcp/services", { loadBalancer: { healthCheck: { interval: "1ns" } } }, "at least 1s"],
  ["http/services", { loadBalancer: { passiveHealthCheck: { maxFailedAttempts: 1e9 } } }, "at most 10000"],
  ["http/middlewares", { retry: { attempts: 1_000_000_000 } }, "at most 100"],
  ["http/middlewares", { retry: { attempts: "9223372036854775807" } }, "at most 100"],
  ["http/middlewares", { retry: { attempts: 2, maxRequestBodyBytes: -1 } }, "0 to 16777216"],
  ["http/middlewares", { buffering: { memRequestBodyBytes: 1e12 } }, "at most 16777216"],
  ["http/middlewares", { buffering: { memResponseBodyBytes: 1e12 } }, "at most 16777216"],
  ["http/middlewares", { compress: { minResponseBodyBytes: 1e12 } }, "at most 1048576"],
  ["http/middlewares", { forwardAuth: { maxBodySize: 1e12 } }, "0 to 16777216"],
  ["http/middlewares", { forwardAuth: { maxResponseBodySize: -1 } }, "0 to 16777216"],
  ["http/middlewares", { forwardAuth: { forwardBody: true } }, "without forwardAuth.maxBodySize"],
  ["http/middlewares", { rateLimit: { redis: { minIdleConns: 100_000 } } }, "0 to 100"],
  ["http/middlewares", { rateLimit: { redis: { poolSize: 100_000 } } }, "0 to 100"],
  ["http/middlewares", { rateLimit: { redis: { minIdleConns: -1 } } }, "0 to 100"],
  ["http/middlewares", { rateLimit: { redis: { poolSize: "-9223372036854775808" } } }, "0 to 100"],
  ["http/middlewares", { basicAuth: { users: [user(10), user(31)] } }, "a bcrypt hash of cost 31 in basicAuth.users"],
  ["http/routers", { tls: { domains: domains(101) } }, "a list of 101 in tls.domains"],
  ["tcp/routers", { tls: { domains: [{ main: "a" }, { sans: sans(101) }] } }, "a list of 101 in tls.domains.sans"],
])("%s %j is out of bounds", (section, object, expected) => {
  const [first = "", ...others] = flaws(section, object);
  expect(first).toContain(expected);
  expect(others).toEqual([]);
});

test.each<[Section, ConfigObject]>([
  ["http/services", { loadBalancer: { healthCheck: { interval: "1s", unhealthyInterval: "0s" } } }],
  ["http/services", { loadBalancer: { healthCheck: { interval: "-1s" } } }],
  ["http/middlewares", { retry: { attempts: 100 } }],
  ["http/middlewares", { buffering: { memRequestBodyBytes: 16 * 1024 * 1024, maxRequestBodyBytes: 1e12 } }],
  ["http/middlewares", { forwardAuth: { forwardBody: true, maxBodySize: 1024 } }],
  ["http/middlewares", { forwardAuth: { forwardBody: false } }],
  ["http/middlewares", { basicAuth: { users: [user(14), "plain:$apr1$abcdefgh$hash"] } }],
  ["http/routers", { tls: { domains: domains(100) } }],
])("%s %j is within them", (section, object) => {
  expect(flaws(section, object)).toEqual([]);
});

test("no secret is shown", () => {
  expect(flaws("http/middlewares", { basicAuth: { users: [user(20)] } }).join()).not.toContain("abcdefgh");
});

describe("every field of a number or a duration that tags can set", () => {
  /** What costs no more for any value, and why. */
  const HARMLESS: Readonly<Record<string, string>> = {
    "http.routers.<name>.priority": "an order",
    "tcp.routers.<name>.priority": "an order",
    "http.services.<name>.loadBalancer.sticky.cookie.maxAge": "sent to browsers",
    "http.services.<name>.loadBalancer.servers[].weight": "a share, computed as a fraction",
    "http.services.<name>.loadBalancer.healthCheck.status": "compared",
    "http.services.<name>.loadBalancer.healthCheck.port": "judged as a backend",
    "tcp.services.<name>.loadBalancer.healthCheck.port": "judged as a backend",
    "http.services.<name>.loadBalancer.healthCheck.timeout": "checks of one server do not overlap",
    "tcp.services.<name>.loadBalancer.healthCheck.timeout": "checks of one server do not overlap",
    "http.services.<name>.loadBalancer.passiveHealthCheck.failureWindow": "what is noted in it has a bound",
    "http.services.<name>.loadBalancer.responseForwarding.flushInterval": "at most once for each piece of an answer",
    "tcp.services.<name>.loadBalancer.proxyProtocol.version": "one of two",
    "tcp.services.<name>.loadBalancer.terminationDelay": "a connection that its client has closed",
    "http.middlewares.<name>.ipWhiteList.ipStrategy.depth": "a place in a header",
    "http.middlewares.<name>.ipWhiteList.ipStrategy.ipv6Subnet": "a mask",
    "http.middlewares.<name>.ipAllowList.ipStrategy.depth": "a place in a header",
    "http.middlewares.<name>.ipAllowList.ipStrategy.ipv6Subnet": "a mask",
    "http.middlewares.<name>.ipAllowList.rejectStatusCode": "a status",
    "http.middlewares.<name>.headers.accessControlMaxAge": "sent to browsers",
    "http.middlewares.<name>.headers.stsSeconds": "sent to browsers",
    "http.middlewares.<name>.errors.statusRewrites": "a status",
    "http.middlewares.<name>.rateLimit.average": "a limit: counted, not held",
    "http.middlewares.<name>.rateLimit.period": "a limit: counted, not held",
    "http.middlewares.<name>.rateLimit.burst": "a limit: counted, not held",
    "http.middlewares.<name>.rateLimit.sourceCriterion.ipStrategy.depth": "a place in a header",
    "http.middlewares.<name>.rateLimit.sourceCriterion.ipStrategy.ipv6Subnet": "a mask",
    "http.middlewares.<name>.rateLimit.redis.db": "a number that Redis knows",
    "http.middlewares.<name>.rateLimit.redis.maxActiveConns": "a limit below the size of the pool",
    "http.middlewares.<name>.rateLimit.redis.readTimeout": "one request waits",
    "http.middlewares.<name>.rateLimit.redis.writeTimeout": "one request waits",
    "http.middlewares.<name>.rateLimit.redis.dialTimeout": "one request waits",
    "http.middlewares.<name>.inFlightReq.amount": "a limit: counted, not held",
    "http.middlewares.<name>.inFlightReq.sourceCriterion.ipStrategy.depth": "a place in a header",
    "http.middlewares.<name>.inFlightReq.sourceCriterion.ipStrategy.ipv6Subnet": "a mask",
    "http.middlewares.<name>.buffering.maxRequestBodyBytes": "a limit; what it lets through goes to files",
    "http.middlewares.<name>.buffering.maxResponseBodyBytes": "a limit; what it lets through goes to files",
    "http.middlewares.<name>.circuitBreaker.checkPeriod": "looked at when a request comes",
    "http.middlewares.<name>.circuitBreaker.fallbackDuration": "looked at when a request comes",
    "http.middlewares.<name>.circuitBreaker.recoveryDuration": "looked at when a request comes",
    "http.middlewares.<name>.circuitBreaker.responseCode": "a status",
    "http.middlewares.<name>.retry.initialInterval": "one request waits",
    "http.middlewares.<name>.retry.timeout": "one request waits",
    "tcp.middlewares.<name>.inFlightConn.amount": "a limit: counted, not held",
  };

  const closed: string[] = [];
  const numbers = [...fieldPaths("3.7")].filter(({ path, field }) => {
    if (field.fileOnly || field.internal || field.hidden) closed.push(`${path}.`, `${path}[].`);
    if (closed.some((start) => `${path}.`.startsWith(start))) return false;
    const { kind } = "entry" in field ? field.entry : field;
    return kind === "int" || kind === "int64" || kind === "duration";
  });

  test.each(numbers.map(({ path, field }) => [path, field] as const))(
    "%s has bounds, or is harmless",
    (path, field) => {
      expect(field.bounds === undefined, path).toBe(HARMLESS[path] !== undefined);
    },
  );

  test("none is judged that does not exist", () => {
    expect(numbers.length).toBeGreaterThan(50);
    const known = new Set(numbers.map(({ path }) => path));
    expect(Object.keys(HARMLESS).filter((path) => !known.has(path))).toEqual([]);
  });
});
