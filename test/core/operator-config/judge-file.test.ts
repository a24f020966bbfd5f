import { describe, expect, test } from "vitest";
import { judgeFile } from "../../../src/core/operator-config/judge-file.ts";

const SETTINGS = { version: "3.6", ruleSyntax: "v3", defaultEntryPoints: [], entryPoints: ["web", "db"] } as const;

function judged(http: unknown, rest: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const result = judgeFile({ http, ...rest }, SETTINGS);
  if (result.kind === "sound") return result.warnings.map(({ code, message }) => `${code}: ${message}`);
  return result.problems.map(({ path, message }) => `${path}: ${message}`);
}

const ROUTER = { rule: "Host(`a`)", service: "s" };

describe("a file is judged as tags are", () => {
  test.each([
    ["a router without a rule", { service: "s" }, "http.routers.r: found no rule, and in files there is no default"],
    [
      "a router without a service",
      { rule: "Host(`a`)" },
      "http.routers.r: found no service, and in files there is no default",
    ],
    ["a router without fields", {}, "http.routers.r: found nothing; traefik refuses a whole file for an empty object"],
    ["a broken rule", { ...ROUTER, rule: "Host(`a`" }, 'http.routers.r: router "r" has a broken rule'],
    [
      "only unknown entry points",
      { ...ROUTER, entryPoints: ["wbe"] },
      'http.routers.r: router "r" names the entry point "wbe"',
    ],
    [
      "an empty object",
      { ...ROUTER, observability: {} },
      "http.routers.r: found nothing below observability; traefik refuses",
    ],
  ])("%s refuses it", (_, r, expected) => {
    expect(judged({ routers: { r } })).toEqual([expect.stringContaining(expected)]);
  });

  test("what leaves a router working is a warning", () => {
    expect(judged({ routers: { r: { ...ROUTER, entryPoints: ["web", "wbe"] } } })).toEqual([
      expect.stringContaining('ENTRYPOINT_UNKNOWN: router "r" names the entry point "wbe"'),
    ]);
  });

  test("a middleware of two types, a service of none, a server's bad URL", () => {
    const both = { m: { compress: {}, stripPrefix: { prefixes: ["/a"] } } };
    expect(judged({ middlewares: both })).toEqual([expect.stringContaining("compress and stripPrefix")]);
    const services = { s: { loadBalancer: { servers: [{ url: "http://a b" }] } } };
    expect(judged({ services })).toEqual([expect.stringMatching(/^http\.services\.s: .*has a server whose URL/)]);
  });

  test("a TCP router needs a rule and a service, a UDP router a service alone", () => {
    const tcp = { routers: { t: { service: "s" } } };
    const udp = { routers: { u: { service: "s" } } };
    expect(judged({}, { tcp, udp })).toEqual(["tcp.routers.t: found no rule, and in files there is no default"]);
  });

  test("a router that only passes requests on to its children needs no service", () => {
    const routers = { parent: { rule: "Host(`a`)" }, child: { ...ROUTER, parentRefs: ["parent@file"] } };
    expect(judged({ routers })).toEqual([]);
  });

  test("what the built-in providers would have named is looked for here", () => {
    const result = judgeFile({ http: { routers: { r: { ...ROUTER, service: "s@consulcatalog" } } } }, SETTINGS);
    expect(result.kind === "sound" && result.config["http/routers"].get("r")?.["service"]).toBe("s@file");
  });
});
