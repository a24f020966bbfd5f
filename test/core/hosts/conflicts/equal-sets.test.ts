import { expect, test } from "vitest";
import type { Claimant } from "../../../../src/core/hosts/claimant.ts";
import { resolveEqualSets } from "../../../../src/core/hosts/conflicts/equal-sets.ts";
import type { Past } from "../../../../src/core/hosts/published-before.ts";
import { claimant, hostIndexOf, NO_PAST, pastOf, type RouterOptions, sharingBy } from "../../../builders/claimants.ts";
import { policyOf } from "../../../builders/printed-policy.ts";

const policy = policyOf({ rules: [{ service: "granted", hosts: ["*"], paths: ["/x"] }, {}] });

const below = (name: string, createIndex: number, kind: Claimant["kind"] = "service") =>
  claimant(name, { rule: "PathPrefix(`/x`)", createIndex, kind });
const every = (name: string, createIndex: number, options: RouterOptions = {}) =>
  claimant(name, { rule: "PathPrefix(`/`)", createIndex, ...options });
const udp = (name: string, createIndex: number, ...entryPoints: readonly string[]) =>
  claimant(name, { section: "udp/routers", createIndex, entryPoints });
const [old, young] = [every("old", 1), every("young", 2)];

interface Case {
  readonly asks: readonly Claimant[];
  readonly keptRouters?: readonly Claimant[];
  readonly past?: Past;
  readonly refused?: Readonly<Record<string, string>>;
}

test.each<[string, Case]>([
  ["the oldest keeps it", { asks: [young, old], refused: { young: "old" } }],
  ["the published one keeps it", { asks: [young, old], past: pastOf([young]), refused: { old: "young" } }],
  [
    "the one that the policy grants it keeps it, though it is younger",
    { asks: [below("old", 1), below("granted", 2)], past: pastOf([below("old", 1)]), refused: { old: "granted" } },
  ],
  [
    "the operator keeps it from the one that the policy grants it",
    { asks: [below("op", 0, "operator"), below("granted", 2)], refused: { granted: "op" } },
  ],
  ["one that comes after it stays", { asks: [old, every("low", 2, { priority: 1 })] }],
  [
    "both stay that were published beside each other, though the older one comes after the younger",
    { asks: [young, every("low", 1, { priority: 1 })], past: pastOf([young, every("low", 1, { priority: 1 })]) },
  ],
  [
    "one that was published after another, and now asks to come before it, is a newcomer",
    { asks: [young, old], past: pastOf([young, every("old", 1, { priority: 1 })]), refused: { old: "young" } },
  ],
  ["the operator keeps it", { asks: [old, every("op", 0, { kind: "operator" })], refused: { old: "op" } }],
  [
    "the operator is never refused",
    { asks: [every("op", 0, { kind: "operator" }), every("op2", 0, { kind: "operator" })] },
  ],
  ["one service asks twice", { asks: [old, every("old2", 2, { service: "old" })] }],
  ["other entry points", { asks: [every("a", 1, { entryPoints: ["x"] }), every("b", 2, { entryPoints: ["y"] })] }],
  ["a UDP entry point", { asks: [udp("a", 1, "dns"), udp("b", 2, "dns")], refused: { b: "a" } }],
  ["two UDP entry points", { asks: [udp("a", 1, "dns"), udp("b", 2, "ntp")] }],
  [
    "kept for an absent owner",
    { asks: [old], keptRouters: [every("gone", 0, { kind: "absent" })], refused: { old: "gone" } },
  ],
  [
    "kept for an absent owner of the same group",
    {
      asks: [every("new", 1, { namespace: "n" })],
      keptRouters: [every("gone", 0, { kind: "absent", namespace: "n" })],
    },
  ],
])("%s", (_, { asks, keptRouters = [], past = NO_PAST, refused = {} }) => {
  const resolved = resolveEqualSets(hostIndexOf(...asks), keptRouters, past, new Map(), sharingBy(policy));
  expect(Object.fromEntries([...resolved].map(([{ name }, { winner }]) => [name, winner.name]))).toEqual(refused);
});

test("what is refused already keeps nothing", () => {
  const known = new Map([[old, { winner: young, why: { kind: "equal-set" } as const }]]);
  expect(resolveEqualSets(hostIndexOf(old, young), [], NO_PAST, known, sharingBy()).size).toBe(0);
});
