import { describe, expect, test } from "vitest";
import type { Claimant } from "../../../../src/core/hosts/claimant.ts";
import { outcomeOf, resolveWideRules } from "../../../../src/core/hosts/conflicts/wide-rules.ts";
import type { Past } from "../../../../src/core/hosts/published-before.ts";
import {
  claimant,
  host,
  hostIndexOf,
  NO_PAST,
  pastOf,
  type RouterOptions,
  sharingBy,
} from "../../../builders/claimants.ts";
import { policyOf } from "../../../builders/printed-policy.ts";

const policy = policyOf({ rules: [{ service: "granted", hosts: ["*"], paths: ["/"] }, {}] });

const SUFFIX = "HostRegexp(`^.+\\.org$`)";
const EVERY = "PathPrefix(`/`)";
const web = (options: RouterOptions = {}) => claimant("web", { rule: host("a.org"), ...options });
const wide = (rule: string, options: RouterOptions = {}) => claimant("wide", { rule, priority: 99, ...options });
const granted = (rule: string) => claimant("granted", { rule, priority: 99, createIndex: 20 });

describe("what becomes of a wide rule beside a router that names a host", () => {
  test.each<[string, Claimant, Claimant, Past, ReturnType<typeof outcomeOf>]>([
    ["the operator's, all of it", wide(SUFFIX), web({ kind: "operator" }), NO_PAST, "refused"],
    ["the operator's, a part", wide("PathPrefix(`/x`)"), web({ kind: "operator" }), NO_PAST, "harmless"],
    [
      "of its group, absent",
      wide(SUFFIX, { namespace: "n" }),
      web({ namespace: "n", kind: "absent" }),
      NO_PAST,
      "harmless",
    ],
    [
      "of its group, a part",
      wide("PathPrefix(`/x`)", { namespace: "n" }),
      web({ namespace: "n" }),
      NO_PAST,
      "harmless",
    ],
    [
      "of its group, all of it, and younger",
      wide(SUFFIX, { namespace: "n" }),
      web({ namespace: "n" }),
      NO_PAST,
      "refused",
    ],
    ["it is younger", wide(SUFFIX, { createIndex: 20 }), web(), NO_PAST, "refused"],
    ["it is older", wide(SUFFIX, { createIndex: 1 }), web(), NO_PAST, "shadows"],
    ["it is older, and asks for any host", wide(EVERY, { createIndex: 1 }), web(), NO_PAST, "refused"],
    [
      "it is older, and asks for a path of any host",
      wide("PathPrefix(`/x`)", { createIndex: 1 }),
      web(),
      NO_PAST,
      "shadows",
    ],
    [
      "it is younger, and was published before",
      wide(SUFFIX, { createIndex: 20 }),
      web(),
      pastOf([wide(SUFFIX)]),
      "shadows",
    ],
    [
      "it is older, and the other was published before",
      wide(SUFFIX, { createIndex: 1 }),
      web(),
      pastOf([web()]),
      "refused",
    ],
    ["it is younger, and granted a path of any host", granted("PathPrefix(`/x`)"), web(), NO_PAST, "harmless"],
    [
      "it is granted, and takes all of a router there",
      granted("PathPrefix(`/x`)"),
      web({ rule: host("a.org", "/x/y") }),
      pastOf([web({ rule: host("a.org", "/x/y") })]),
      "shadows",
    ],
    ["it is granted everything", granted(EVERY), web(), NO_PAST, "refused"],
    ["it is granted all of a domain", granted(SUFFIX), web(), NO_PAST, "refused"],
    ["it is granted, but takes the operator's", granted(SUFFIX), web({ kind: "operator" }), NO_PAST, "refused"],
  ])("%s", (_, one, other, past, expected) => {
    expect(outcomeOf(one, other, past, sharingBy(policy))).toBe(expected);
  });
});

interface Case {
  readonly asks: readonly Claimant[];
  readonly keptRouters?: readonly Claimant[];
  readonly already?: readonly Claimant[];
  readonly refused?: Readonly<Record<string, string>>;
  readonly shadowed?: Readonly<Record<string, string>>;
}

const older = wide(SUFFIX, { createIndex: 1 });
const younger = claimant("younger", { rule: SUFFIX, priority: 99, createIndex: 20 });
const gone = claimant("gone", { rule: host("b.org"), kind: "absent" });

test.each<[string, Case]>([
  ["a younger one is refused", { asks: [web(), younger], refused: { younger: "web" } }],
  ["an older one shadows", { asks: [web(), older], shadowed: { web: "wide" } }],
  ["a router of an absent owner counts", { asks: [younger], keptRouters: [gone], refused: { younger: "gone" } }],
  ["what is refused already threatens no router", { asks: [web(), younger], already: [younger] }],
  ["what is refused already is not protected", { asks: [web(), younger], already: [web()] }],
  [
    "one that shadows one router and is refused for another shadows none",
    {
      asks: [web(), claimant("first", { rule: host("b.org"), createIndex: 0 }), older],
      refused: { wide: "first" },
    },
  ],
  [
    "of two that shadow, the one that leaves nothing is named",
    {
      asks: [
        web(),
        claimant("part", { rule: "PathPrefix(`/x`)", priority: 99, createIndex: 0 }),
        claimant("all", { rule: SUFFIX, priority: 99, createIndex: 1 }),
      ],
      shadowed: { web: "all" },
    },
  ],
])("%s", (_, { asks, keptRouters = [], already = [], refused = {}, shadowed = {} }) => {
  const known = new Map(
    already.map((one) => {
      const same = asks.find(({ key }) => key === one.key)!;
      return [same, { winner: same, why: { kind: "equal-set" } as const }];
    }),
  );
  const resolved = resolveWideRules(hostIndexOf(...asks), keptRouters, NO_PAST, known, sharingBy());
  const won = [...resolved.refused].map(([{ name }, { winner }]) => [name, winner.name]);
  expect(Object.fromEntries(won)).toEqual(refused);
  expect(Object.fromEntries([...resolved.shadowed].map(([one, by]) => [one.name, by.name]))).toEqual(shadowed);
});
