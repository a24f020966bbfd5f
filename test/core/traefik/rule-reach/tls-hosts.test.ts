import { describe, expect, test } from "vitest";
import { configObject, type RouterSection } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { tlsHostsOf } from "../../../../src/core/traefik/rule-reach/tls-hosts.ts";

function named(rule: string, section: RouterSection = "http/routers"): readonly string[] {
  return tlsHostsOf(section, configObject([["rule", rule]])).named;
}

describe("the hosts that Traefik takes TLS settings for", () => {
  test.each<[string, string, readonly string[]]>([
    ["asked for", "Host(`a.org`)", ["a.org"]],
    ["negated", "Host(`a.org`) && !Host(`b.org`)", ["a.org", "b.org"]],
    ["negated twice, in parentheses", "!(!(Host(`a.org`) || Path(`/x`)))", ["a.org"]],
    ["out of reach", "Host(`a.org`) && Host(`b.org`)", ["a.org", "b.org"]],
    ["in any of the four spellings", "Host(`a`) || host(`b`) || HOST(`c`)", ["a", "b", "c"]],
    ["in other letters, with the dot of a full name", "Host(`A.Org.`)", ["a.org"]],
    ["in punycode, as it is", "Host(`xn--bcher-kva.org`)", ["xn--bcher-kva.org"]],
    ["of a list, which syntax v2 has", "Host(`a.org`, `b.org`)", ["a.org", "b.org"]],
    ["not of other matchers", "HostRegexp(`^a$`) && Path(`/b`) && Header(`Host`, `c`)", []],
    ["not of patterns", "Host(`*.a.org`)", []],
  ])("%s", (_, rule, hosts) => {
    expect(named(rule)).toEqual(hosts);
  });

  test("of TCP", () => {
    expect(named("HostSNI(`A.org`) && !HostSNI(`b.org`)", "tcp/routers")).toEqual(["a.org", "b.org"]);
    expect(named("HostSNI(`*`)", "tcp/routers")).toEqual([]);
    expect(named("Host(`a.org`)", "tcp/routers")).toEqual([]);
    expect(named("", "udp/routers")).toEqual([]);
  });

  test("of tls.domains", () => {
    const tls = { domains: [{ main: "A.org", sans: ["*.a.org", "b.org."] }, { sans: ["c.org"] }] };
    const router = configObject([
      ["rule", "Host(`x`)"],
      ["tls", tls],
    ]);
    expect(tlsHostsOf("http/routers", router).domains).toEqual(["a.org", "b.org", "c.org"]);
  });

  test("a rule too large to be analysed still names its hosts", () => {
    const many = Array.from({ length: 1_100 }, (_, i) => `Host(\`h${i}\`)`).join(" || ");
    expect(named(many)).toHaveLength(1_100);
  });
});
