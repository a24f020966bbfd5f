import { describe, expect, test } from "vitest";
import {
  comesBefore,
  competeForHost,
  isThreatTo,
  shareEntryPoint,
  takesAll,
  takesAllAt,
  takesAllByAnyHost,
} from "../../../src/core/hosts/claimant-overlap.ts";
import { claimant, host, type RouterOptions } from "../../builders/claimants.ts";

const HTTP = { rule: host("a.org") };
const TCP = { section: "tcp/routers", rule: "HostSNI(`a.org`)" } as const;
const UDP = { section: "udp/routers" } as const;

function on(router: RouterOptions, ...entryPoints: readonly string[]): RouterOptions {
  return { ...router, entryPoints };
}

describe("whether two routers share an entry point, and compete for a host", () => {
  test.each<[string, RouterOptions, RouterOptions, { share: boolean; compete: boolean }]>([
    ["HTTP at one entry point", on(HTTP, "web"), on(HTTP, "web", "alt"), { share: true, compete: true }],
    ["HTTP at two entry points: the host is one", on(HTTP, "web"), on(HTTP, "alt"), { share: false, compete: true }],
    ["HTTP at the default ones", HTTP, on(HTTP, "alt"), { share: true, compete: true }],
    ["TCP at two entry points", on(TCP, "db"), on(TCP, "web"), { share: false, compete: false }],
    ["TCP at the default ones", TCP, on(HTTP, "web"), { share: true, compete: true }],
    ["TCP beside HTTP that names none, at one of HTTP", on(TCP, "websecure"), HTTP, { share: true, compete: true }],
    ["TCP beside HTTP that names none, at another one", on(TCP, "db"), HTTP, { share: false, compete: true }],
    ["TCP beside HTTP that names none, at Traefik's own", on(TCP, "traefik"), HTTP, { share: false, compete: false }],
    ["TCP at the entry point of HTTP", on(TCP, "alt"), on(HTTP, "alt"), { share: true, compete: true }],
    ["UDP at one entry point", on(UDP, "dns"), on(UDP, "dns"), { share: true, compete: true }],
    ["UDP without an entry point listens nowhere", UDP, on(UDP, "dns"), { share: false, compete: false }],
  ])("%s", (_, first, second, expected) => {
    const [one, other] = [claimant("one", first), claimant("other", second)];
    expect({ share: shareEntryPoint(one, other), compete: competeForHost(one, other) }).toEqual(expected);
    expect({ share: shareEntryPoint(other, one), compete: competeForHost(other, one) }).toEqual(expected);
  });
});

test.each<[string, RouterOptions, RouterOptions, boolean]>([
  ["the greater priority", { ...HTTP, priority: 2 }, { ...HTTP, priority: 1 }, true],
  ["the smaller priority", { ...HTTP, priority: 1 }, { ...HTTP, priority: 2 }, false],
  ["equal priorities: Traefik's order is not known", HTTP, HTTP, true],
  ["TCP before HTTP", { ...TCP, priority: 1 }, { ...HTTP, priority: 2 }, true],
  ["HTTP after TCP", { ...HTTP, priority: 2 }, { ...TCP, priority: 1 }, false],
])("comes before, or may: %s", (_, one, other, expected) => {
  expect(comesBefore(claimant("one", one), claimant("other", other))).toBe(expected);
});

describe("a wide rule is a threat to a router that names a host", () => {
  test.each<[string, RouterOptions, RouterOptions, boolean]>([
    ["of which it may take requests", { rule: "HostRegexp(`^.+\\.org$`)" }, HTTP, true],
    ["unless it comes after it", { rule: "HostRegexp(`^.+\\.org$`)", priority: 1 }, HTTP, false],
    ["unless it matches other hosts", { rule: "HostRegexp(`^.+\\.com$`)" }, HTTP, false],
    ["unless it matches other paths", { rule: "PathPrefix(`/x`)", priority: 99 }, { rule: host("a.org", "/y") }, false],
    ["unless it listens elsewhere", on({ rule: "HostRegexp(`^.+\\.org$`)" }, "alt"), on(HTTP, "web"), false],
    [
      "unless both are one service's",
      { rule: "HostRegexp(`^.+\\.org$`)", service: "s" },
      { ...HTTP, service: "s" },
      false,
    ],
    [
      "TCP for all clients, where HTTP may be",
      on({ ...TCP, rule: "HostSNI(`*`)" }, "db"),
      { rule: "PathPrefix(`/`)" },
      true,
    ],
    ["TCP for all addresses", on({ ...TCP, rule: "ClientIP(`0.0.0.0/0`)" }, "db"), HTTP, true],
    ["TCP for other hosts", on({ ...TCP, rule: "HostSNIRegexp(`^.+\\.com$`)" }, "db"), HTTP, false],
    ["TCP where HTTP is not", on({ ...TCP, rule: "HostSNI(`*`)" }, "db"), on(HTTP, "web"), false],
    ["a rule that names its hosts is none", { rule: host("a.org"), priority: 99 }, HTTP, false],
  ])("%s", (_, wide, named, expected) => {
    expect(isThreatTo(claimant("wide", wide), claimant("named", named))).toBe(expected);
  });
});

describe("what one router takes of another", () => {
  test.each<[string, string, { all: boolean; atA: boolean; byAnyHost: boolean }]>([
    [host("a.org"), host("a.org", "/x"), { all: true, atA: true, byAnyHost: false }],
    [host("a.org", "/"), host("a.org"), { all: true, atA: true, byAnyHost: false }],
    [host("a.org", "/x"), host("a.org"), { all: false, atA: false, byAnyHost: false }],
    [host("b.org"), `${host("a.org")} || ${host("b.org")}`, { all: true, atA: false, byAnyHost: false }],
    ["PathPrefix(`/`)", host("a.org"), { all: true, atA: true, byAnyHost: true }],
    ["PathPrefix(`/`) && Header(`X`, `y`)", host("a.org"), { all: false, atA: false, byAnyHost: false }],
    ["HostRegexp(`^.+\\.org$`)", host("a.org"), { all: true, atA: true, byAnyHost: false }],
    ["PathPrefix(`/`)", "PathPrefix(`/x`)", { all: false, atA: false, byAnyHost: false }],
  ])("%s of %s", (first, second, expected) => {
    const [one, other] = [claimant("one", { rule: first }), claimant("other", { rule: second })];
    expect({
      all: takesAll(one, other),
      atA: takesAllAt("a.org", one, other),
      byAnyHost: takesAllByAnyHost(one, other),
    }).toEqual(expected);
  });
});
