import { expect, test } from "vitest";
import { type ConfigObject, configFrom } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { flawsIn } from "../../../../src/core/traefik/weight/size-flaws.ts";
import { unfold } from "../../../../src/core/traefik/weight/unfolded.ts";

type Objects = Readonly<Record<string, ConfigObject>>;

function http(middlewares: Objects, services: Objects = {}, routers: Objects = {}) {
  return configFrom({ http: { routers, middlewares, services } });
}

/** `c0` names `c1` twice, and so on; the last one names the leaf twice. */
function doubling(steps: number, leaf: ConfigObject = STRIP): Objects {
  const chains = Array.from({ length: steps }, (_, step): readonly [string, ConfigObject] => {
    const next = step + 1 < steps ? `c${step + 1}` : "leaf";
    return [`c${step}`, { chain: { middlewares: [next, next] } }];
  });
  return { ...Object.fromEntries(chains), leaf };
}

const STRIP: ConfigObject = { stripPrefix: { prefixes: ["/a"] } };
const RETRY: ConfigObject = { retry: { attempts: 5 } };
const BUFFER: ConfigObject = { buffering: { retryExpression: "IsNetworkError()" } };
const LB: ConfigObject = { loadBalancer: { servers: [{ url: "http://127.0.0.1:24000" }] } };

function sizeOf(middlewares: Objects, name = "c0") {
  return unfold(http(middlewares), "http/middlewares", name, new Map());
}

test("a chain counts what it names as often as it names it", () => {
  expect(sizeOf({ c0: { chain: { middlewares: ["a", "a", "b"] } }, a: STRIP, b: RETRY })).toMatchObject({
    parts: 4,
    requests: 5,
    depth: 1,
    isCircular: false,
  });
});

test("thirty chains that name the next one twice come to more than a thousand million", () => {
  const { parts, kib, depth } = sizeOf(doubling(30));
  expect(parts).toBe(2 ** 31 - 1);
  expect(kib).toBeGreaterThan(2 ** 30);
  expect(depth).toBe(30);
});

test("however long a chain is, it has a size", () => {
  const long = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, at) => [`c${at}`, { chain: { middlewares: [`c${at + 1}`] } }] as const),
  );
  expect(sizeOf(long)).toMatchObject({ depth: 20_001, isCircular: false });
  expect(sizeOf(doubling(2_000)).parts).toBe(1e15);
});

test.each([
  ["attempts of nested retries multiply", { c0: { chain: { middlewares: ["a", "a", "a"] } }, a: RETRY }, 125],
  ["a buffering that asks again asks eleven times", { c0: { chain: { middlewares: ["a", "a"] } }, a: BUFFER }, 121],
  [
    "one that does not, once",
    { c0: { chain: { middlewares: ["a"] } }, a: { buffering: { maxRequestBodyBytes: 1 } } },
    1,
  ],
])("%s", (_, middlewares, requests) => {
  expect(sizeOf(middlewares as Objects).requests).toBe(requests);
});

test.each([
  ["the service of an error page, which refers to nothing, is built once", { errors: { service: "lb" } }, 1],
  ["a file that is not seen counts as a few", { chain: { middlewares: ["x@file"] } }, 9],
  ["another provider's counts as a few", { chain: { middlewares: ["x@docker", "x@docker"] } }, 17],
  ["this file's counts as what it is", { chain: { middlewares: ["leaf@file"] } }, 2],
])("%s", (_, c0, parts) => {
  const config = http({ c0: c0 as ConfigObject, leaf: STRIP }, { lb: LB });
  expect(unfold(config, "http/middlewares", "c0", new Map()).parts).toBe(parts);
});

test.each([
  ["one part of a weighted service is asked", { weighted: { services: [{ name: "m" }, { name: "m" }] } }, 5],
  ["so is one of a failover", { failover: { service: "m", fallback: "m" } }, 5],
  ["all parts of a mirroring are", { mirroring: { service: "m", mirrors: [{ name: "m" }] } }, 11],
])("%s", (_, top, requests) => {
  const nested = { mirroring: { service: "lb", mirrors: Array.from({ length: 4 }, () => ({ name: "inner" })) } };
  const services = {
    top: top as ConfigObject,
    m: nested,
    inner: { weighted: { services: [{ name: "w" }] } },
    w: WEIGHTED,
  };
  const config = http({}, { ...services, lb: LB });
  expect(unfold(config, "http/services", "top", new Map()).requests).toBe(requests);
});

const WEIGHTED: ConfigObject = { weighted: { services: [{ name: "lb", weight: 1 }] } };

test("a circuit breaker weighs more than a hundred middlewares of other kinds", () => {
  const breaker = { circuitBreaker: { expression: "NetworkErrorRatio() > 0.5" } };
  expect(sizeOf({ c0: breaker }).kib).toBeGreaterThan(50 * sizeOf({ c0: STRIP }).kib);
});

test("a regular expression weighs what it grows to", () => {
  const regex = (pattern: string) => ({ redirectRegex: { regex: pattern, replacement: "/" } });
  const [small, large] = ["^/a$", `^${"a{1000}".repeat(50)}$`].map((pattern) => sizeOf({ c0: regex(pattern) }).kib);
  expect(large! - small!).toBeGreaterThan(6_000);
});

test.each<[string, Parameters<typeof configFrom>[0], readonly string[]]>([
  [
    "chains in a circle, told once",
    { http: { middlewares: { b: { chain: { middlewares: ["a"] } }, a: { chain: { middlewares: ["b@file"] } } } } },
    ["http/middlewares/a leads back to itself: http/middlewares/a → http/middlewares/b → http/middlewares/a"],
  ],
  [
    "a chain of itself",
    { http: { middlewares: { a: { chain: { middlewares: ["a"] } } } } },
    ["http/middlewares/a leads back to itself: http/middlewares/a → http/middlewares/a"],
  ],
  [
    "weighted services of TCP, which Traefik follows until its stack is full",
    {
      tcp: {
        services: { a: { weighted: { services: [{ name: "b" }] } }, b: { weighted: { services: [{ name: "a" }] } } },
      },
    },
    ["tcp/services/a leads back to itself: tcp/services/a → tcp/services/b → tcp/services/a"],
  ],
  [
    "a failover to itself",
    { http: { services: { a: { failover: { service: "a", fallback: "b" } }, b: LB } } },
    ["http/services/a leads back to itself: http/services/a → http/services/a"],
  ],
  [
    "a router with a middleware too many times",
    {
      http: {
        routers: { r: { rule: "Host(`r`)", service: "s", middlewares: Array.from({ length: 500 }, () => "m") } },
        middlewares: { m: STRIP },
        services: { s: LB },
      },
    },
    [
      "http/routers/r unfolds to 501 middlewares and services, with all that it refers to and as often as it does; one router may come to 500",
    ],
  ],
  ["what is in order", { http: { middlewares: doubling(7) } }, []],
])("%s", (_, tree, messages) => {
  expect(Array.from(flawsIn(configFrom(tree)).values(), ({ message }) => message)).toEqual(messages);
});

test("of what grows too large the first part is told that does", () => {
  expect([...flawsIn(http(doubling(30))).keys()]).toEqual(["http/middlewares/c22"]);
});
