import { expect, test } from "vitest";
import type { Claimant } from "../../../../src/core/hosts/claimant.ts";
import { resolveContestedHosts } from "../../../../src/core/hosts/conflicts/contested-hosts.ts";
import type { Past } from "../../../../src/core/hosts/published-before.ts";
import { claimant, host, hostIndexOf, NO_PAST, pastOf, sharingBy } from "../../../builders/claimants.ts";
import { policyOf } from "../../../builders/printed-policy.ts";

const policy = policyOf({ rules: [{ service: "granted*", hosts: ["a.org"], paths: ["/"] }, { service: "*" }] });

const A = host("a.org");
const old = claimant("old", { rule: A, createIndex: 1 });
const young = claimant("young", { rule: A, createIndex: 20 });
const below = claimant("below", { rule: host("a.org", "/api"), createIndex: 30 });
const gone = claimant("gone", { rule: A, kind: "absent" });
const operator = claimant("operator", { rule: A, kind: "operator" });
const shop = (name: string, rule: string, createIndex: number, kind: Claimant["kind"] = "service") =>
  claimant(name, { rule, createIndex, kind, namespace: "shop" });

interface Case {
  readonly asks: readonly Claimant[];
  readonly kept?: readonly Claimant[];
  readonly past?: Past;
  /** Router that is refused → why, and which router is kept from it. */
  readonly refused: Readonly<Record<string, string>>;
  readonly owner: string;
}

test.each<[string, Case]>([
  ["the oldest registration", { asks: [young, old], refused: { young: "host-taken by old" }, owner: "old" }],
  [
    "the recorded owner, though it is younger",
    {
      asks: [young, old],
      past: pastOf([], { "a.org": "young" }),
      refused: { old: "host-taken by young" },
      owner: "young",
    },
  ],
  [
    "the one that was published, though it is younger",
    { asks: [young, old], past: pastOf([young]), refused: { old: "host-taken by young" }, owner: "young" },
  ],
  [
    "both that were published stay together; the host is the older one's",
    { asks: [young, old], past: pastOf([young, old]), refused: { young: "host-taken by old" }, owner: "old" },
  ],
  [
    "an absent owner, for whom it is kept",
    { asks: [old], kept: [gone], refused: { old: "host-taken by gone" }, owner: "gone" },
  ],
  ["the absent owner, where no other asks", { asks: [], kept: [gone], refused: {}, owner: "gone" }],
  [
    "the policy's, though it is younger",
    {
      asks: [old, claimant("granted", { rule: A, createIndex: 99 })],
      refused: { old: "host-taken by granted" },
      owner: "granted",
    },
  ],
  [
    "a longer path does not help a service that is not of the group",
    { asks: [old, below], refused: { below: "host-taken by old" }, owner: "old" },
  ],
  [
    "the same group may add a path",
    { asks: [shop("one", A, 1), shop("two", host("a.org", "/api"), 2)], refused: {}, owner: "shop/one" },
  ],
  [
    "the same group may not take all",
    { asks: [shop("one", A, 1), shop("two", A, 2)], refused: { two: "takes-over-host by one" }, owner: "shop/one" },
  ],
  [
    "the same group may take all at another entry point",
    {
      asks: [
        claimant("plain", { rule: A, namespace: "shop", createIndex: 1, entryPoints: ["web"] }),
        claimant("secure", { rule: A, namespace: "shop", createIndex: 2, entryPoints: ["websecure"], priority: 99 }),
        claimant("both", { rule: A, namespace: "shop", createIndex: 3, entryPoints: ["web", "websecure"] }),
      ],
      refused: { both: "takes-over-host by plain" },
      owner: "shop/plain",
    },
  ],
  [
    "a service that the policy grants the host may take all at another entry point",
    {
      asks: [
        claimant("granted", { rule: A, createIndex: 1, entryPoints: ["web"] }),
        claimant("granted-too", { rule: A, createIndex: 2, entryPoints: ["websecure"] }),
      ],
      refused: {},
      owner: "granted",
    },
  ],
  [
    "a service that is not of the group may not have it at another entry point",
    {
      asks: [
        claimant("plain", { rule: A, createIndex: 1, entryPoints: ["web"] }),
        claimant("secure", { rule: A, createIndex: 2, entryPoints: ["websecure"] }),
      ],
      refused: { secure: "host-taken by plain" },
      owner: "plain",
    },
  ],
  [
    "the operator shares all requests of another entry point",
    {
      asks: [
        claimant("operator", { rule: A, kind: "operator", entryPoints: ["web"] }),
        claimant("secure", { rule: A, entryPoints: ["websecure"] }),
      ],
      refused: {},
      owner: "secure",
    },
  ],
  [
    "of one group both that were published",
    {
      asks: [shop("one", A, 1), shop("two", A, 2)],
      past: pastOf([shop("one", A, 1), shop("two", A, 2)]),
      refused: {},
      owner: "shop/one",
    },
  ],
  [
    "the group of an absent owner gets the host at once",
    { asks: [shop("two", A, 2)], kept: [shop("one", A, 1, "absent")], refused: {}, owner: "shop/one" },
  ],
  [
    "the operator shares, but not all requests of its router",
    { asks: [operator, old], refused: { old: "takes-over-host by operator" }, owner: "" },
  ],
  [
    "beside the operator with a lower priority",
    { asks: [operator, claimant("low", { rule: A, priority: 1 })], refused: {}, owner: "low" },
  ],
  [
    "who is refused for one host leaves the other one to the next",
    {
      asks: [
        claimant("first", { rule: host("b.org"), createIndex: 1 }),
        claimant("both", { rule: `${A} || ${host("b.org")}`, createIndex: 2 }),
        claimant("third", { rule: A, createIndex: 3 }),
      ],
      refused: { both: "host-taken by first" },
      owner: "third",
    },
  ],
])("a.org belongs to %s", (_, { asks, kept = [], past = NO_PAST, refused, owner }) => {
  const resolved = resolveContestedHosts(hostIndexOf(...asks), kept, past, policy, sharingBy(policy));
  const shown = [...resolved.refused].map(([{ name }, { why, winner }]) => [name, `${why.kind} by ${winner.name}`]);
  expect(Object.fromEntries(shown)).toEqual(refused);
  expect(resolved.owners.get("a.org") ?? "").toBe(owner);
});

test("a host that one service alone names is not looked at", () => {
  const resolved = resolveContestedHosts(hostIndexOf(old), [], NO_PAST, policy, sharingBy(policy));
  expect([resolved.refused.size, resolved.owners.size]).toEqual([0, 0]);
});
