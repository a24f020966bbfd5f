import { describe, expect, test } from "vitest";
import { HOST_RANK, hasRight, rankClaimants } from "../../../src/core/hosts/host-rank.ts";
import type { Past } from "../../../src/core/hosts/published-before.ts";
import { claimant, host, NO_PAST, pastOf, type RouterOptions } from "../../builders/claimants.ts";
import { policyOf } from "../../builders/printed-policy.ts";

const HOST = "a.org";
const ASKS: RouterOptions = { rule: host(HOST) };
const policy = policyOf({ rules: [{ service: "granted*", hosts: [HOST] }, { service: "*" }] });

describe("the rank of a claimant at a host", () => {
  const web = claimant("web", ASKS);
  const elsewhere = claimant("web", { rule: host("b.org") });
  test.each<[string, ReturnType<typeof claimant>, Past, keyof typeof HOST_RANK]>([
    ["the operator's router", claimant("op", { ...ASKS, kind: "operator" }), NO_PAST, "operator"],
    ["the policy names the host for it", claimant("granted", ASKS), NO_PAST, "grantedByPolicy"],
    ["the host is recorded as its own", web, pastOf([], { [HOST]: "web" }), "recordedOwner"],
    ["its router was published with the host", web, pastOf([web]), "publishedBefore"],
    ["its router was published with another host", web, pastOf([elsewhere]), "noneOfThese"],
    [
      "the router was published, but another service's",
      web,
      pastOf([claimant("web", { ...ASKS, service: "old" })]),
      "noneOfThese",
    ],
    [
      "it is absent, whatever is recorded",
      claimant("web", { ...ASKS, kind: "absent" }),
      pastOf([], { [HOST]: "web" }),
      "absentOwner",
    ],
    ["nothing speaks for it", web, pastOf([], { [HOST]: "other" }), "noneOfThese"],
  ])("%s", (_, asking, past, rank) => {
    const [ranked] = rankClaimants(HOST, [asking], past, policy);
    expect(ranked!.rank).toBe(HOST_RANK[rank]);
    expect(hasRight(ranked!)).toBe(rank !== "noneOfThese");
  });
});

describe("the order of claimants at a host", () => {
  const old = claimant("old", { ...ASKS, createIndex: 1 });
  const young = claimant("young", { ...ASKS, createIndex: 2 });
  const granted = claimant("granted", { ...ASKS, createIndex: 3 });
  const alsoGranted = claimant("granted-too", { ...ASKS, createIndex: 4 });
  const absent = claimant("absent", { ...ASKS, kind: "absent" });
  const operator = claimant("op", { ...ASKS, kind: "operator" });
  test.each<[string, (typeof old)[], Past, string[]]>([
    ["the oldest, where nothing is known", [young, old], NO_PAST, ["old", "young"]],
    ["the recorded owner before an older one", [old, young], pastOf([], { [HOST]: "young" }), ["young", "old"]],
    ["the published one before an older one", [old, young], pastOf([young]), ["young", "old"]],
    ["the recorded owner before the published one", [old, young], pastOf([old], { [HOST]: "young" }), ["young", "old"]],
    ["the published one before an absent owner", [absent, young], pastOf([young]), ["young", "absent"]],
    ["an absent owner before a newcomer", [old, absent], NO_PAST, ["absent", "old"]],
    ["by policy before the recorded owner", [old, granted], pastOf([], { [HOST]: "old" }), ["granted", "old"]],
    [
      "of two by policy the recorded owner",
      [granted, alsoGranted],
      pastOf([], { [HOST]: "granted-too" }),
      ["granted-too", "granted"],
    ],
    ["the operator before everything else", [granted, operator, old], NO_PAST, ["op", "granted", "old"]],
  ])("%s", (_, claimants, past, names) => {
    expect(rankClaimants(HOST, claimants, past, policy).map(({ claimant: { name } }) => name)).toEqual(names);
  });
});
