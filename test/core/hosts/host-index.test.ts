import { describe, expect, test } from "vitest";
import type { Claimant } from "../../../src/core/hosts/claimant.ts";
import { type HostIndex, indexAfter, indexOfAll } from "../../../src/core/hosts/host-index.ts";
import { finish } from "../../../src/core/incremental/steps.ts";
import { claimant, host, hostIndexOf } from "../../builders/claimants.ts";

const WIDE = "HostRegexp(`^.+\\.org$`)";

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function names(claimants: Iterable<Claimant>): readonly string[] {
  return [...claimants].map(({ name }) => name).sort(byText);
}

/** All that an index says, in an order of its own. */
function shown({ claimants, contestedHosts, contestedSets, wide }: HostIndex) {
  return {
    all: names(claimants.values()),
    hosts: [...contestedHosts].map(([name, group]) => `${name}: ${names(group).join(" ")}`).sort(byText),
    sets: [...contestedSets.values()].map((group) => names(group).join(" ")).sort(byText),
    wide: [...wide].map(([one, threatened]) => `${one.name}: ${names(threatened).join(" ")}`).sort(byText),
  };
}

const a = claimant("a", { rule: host("x.org") });
const alsoA = claimant("a2", { rule: host("x.org"), service: "a" });
const b = claimant("b", { rule: host("x.org") });
const wide = claimant("wide", { rule: WIDE });
const low = claimant("low", { rule: WIDE, priority: 1 });

describe("what is contested", () => {
  test.each<[string, readonly Claimant[], Partial<ReturnType<typeof shown>>]>([
    ["a host that one service names twice is not", [a, alsoA], { hosts: [], wide: [] }],
    ["a host that two services name", [a, b], { hosts: ["x.org: a b"] }],
    ["hosts that a wide rule could take", [a, wide], { hosts: [], wide: ["wide: a"] }],
    ["not by a wide rule that comes after them", [a, low], { wide: ["low: "] }],
    ["a set of hosts that two services ask for", [wide, low], { sets: ["low wide"], wide: ["low: ", "wide: "] }],
  ])("%s", (_, claimants, expected) => {
    expect(shown(hostIndexOf(...claimants))).toMatchObject(expected);
    expect(shown(hostIndexOf(...claimants.toReversed()))).toMatchObject(expected);
  });
});

describe("an index that is made from an earlier one", () => {
  const before = hostIndexOf(a, b, wide);

  test.each<[string, readonly (readonly [Claimant["key"], Claimant | undefined])[], readonly Claimant[]]>([
    ["nothing has changed", [[a.key, a]], [a, b, wide]],
    ["a router is gone", [[b.key, undefined]], [a, wide]],
    ["an unknown router is gone", [["http/routers/none", undefined]], [a, b, wide]],
    ["a router is new", [[low.key, low]], [a, b, wide, low]],
    ["a wide router is gone", [[wide.key, undefined]], [a, b]],
    [
      "a router asks for another host",
      [[b.key, claimant("b", { rule: host("y.org") })]],
      [a, claimant("b", { rule: host("y.org") }), wide],
    ],
    [
      "a router is gone, and is there again",
      [
        [wide.key, undefined],
        [wide.key, wide],
      ],
      [a, b, wide],
    ],
  ])("says what one from scratch says: %s", (_, changes, all) => {
    const fresh = shown(hostIndexOf(...all));
    expect(shown(finish(indexAfter(before, changes)))).toEqual(fresh);
    expect(shown(finish(indexOfAll(before, all)))).toEqual(fresh);
  });

  test("leaves the earlier one as it was, also where it is abandoned half way", () => {
    const said = shown(before);
    finish(indexAfter(before, [[a.key, undefined]]));
    const abandoned = indexOfAll(before, [claimant("c", { rule: host("x.org") }), low]);
    abandoned.next();
    abandoned.return(before);
    expect(shown(before)).toEqual(said);
  });

  test("is the very same one where nothing has changed", () => {
    expect(finish(indexAfter(before, [[a.key, a]]))).toBe(before);
    expect(finish(indexOfAll(before, [wide, b, a]))).toBe(before);
  });
});
