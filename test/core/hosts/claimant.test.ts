import { describe, expect, test } from "vitest";
import { bySeniority } from "../../../src/core/hosts/claimant.ts";
import { claimant, type RouterOptions } from "../../builders/claimants.ts";

describe("what a router asks for", () => {
  test.each<[RouterOptions, { hosts: string[]; sets: number; isWide: boolean }]>([
    [{ rule: "Host(`a.org`)" }, { hosts: ["a.org"], sets: 0, isWide: false }],
    [{ rule: "Host(`A.org`) || Host(`a.org`)" }, { hosts: ["a.org"], sets: 0, isWide: false }],
    [{ rule: "Host(`a.org`) || Host(`b.org`)" }, { hosts: ["a.org", "b.org"], sets: 0, isWide: false }],
    [{ rule: "PathPrefix(`/api`)" }, { hosts: [], sets: 1, isWide: true }],
    [{ rule: "Host(`a.org`) || PathPrefix(`/api`)" }, { hosts: ["a.org"], sets: 1, isWide: true }],
    [{ rule: "PathPrefix(`/api`) && Header(`X`, `y`)" }, { hosts: [], sets: 0, isWide: true }],
    [{ rule: "Host(`a" }, { hosts: [], sets: 1, isWide: true }],
    [
      { section: "tcp/routers", rule: "HostSNI(`*`)" },
      { hosts: [], sets: 1, isWide: true },
    ],
    [{ section: "udp/routers" }, { hosts: [], sets: 1, isWide: true }],
  ])("%j", (options, { hosts, sets, isWide }) => {
    const found = claimant("web", options);
    expect({ hosts: found.hosts, sets: found.sets.length, isWide: found.isWide }).toEqual({ hosts, sets, isWide });
  });

  test.each<[string, RouterOptions, RouterOptions, boolean]>([
    ["no path and every path", { rule: "HostRegexp(`.*`)" }, { rule: "PathPrefix(`/`)" }, true],
    ["two paths", { rule: "PathPrefix(`/a`)" }, { rule: "PathPrefix(`/b`)" }, false],
    ["one pattern", { rule: "HostRegexp(`^a.+$`)" }, { rule: "HostRegexp(`^a.+$`)" }, true],
    ["HTTP and TCP", { rule: "PathPrefix(`/`)" }, { section: "tcp/routers", rule: "HostSNI(`*`)" }, false],
  ])("%s: the same set, or another one", (_, one, other, isSame) => {
    const [a, b] = [claimant("a", one), claimant("b", other)];
    expect(a.sets.join() === b.sets.join()).toBe(isSame);
  });
});

describe("which of two is older", () => {
  test.each<[string, RouterOptions, RouterOptions]>([
    ["the lower index", { createIndex: 1, service: "z" }, { createIndex: 2, service: "a" }],
    ["with one index the first service by name", { service: "a" }, { service: "b" }],
  ])("%s", (_, older, younger) => {
    const [one, other] = [claimant("x", older), claimant("x", younger)];
    expect([bySeniority(one, other) < 0, bySeniority(other, one) > 0]).toEqual([true, true]);
  });

  test("of one service the first router by key; a router is as old as itself", () => {
    const [one, other] = [claimant("a", { service: "s" }), claimant("b", { service: "s" })];
    expect([bySeniority(one, other), bySeniority(one, one)]).toEqual([-1, 0]);
  });
});
