import { expect, test } from "vitest";
import type { Hold } from "../../../src/core/removals/hold.ts";
import { holdChanges } from "../../../src/daemon/holds/hold-changes.ts";

const MASS: Hold = { kind: "mass-removal", routers: ["http/routers/a", "http/routers/b"], sinceMs: 1 };
const BLIND: Hold = { kind: "blind", reason: "no-leader", routers: ["http/routers/a"], sinceMs: 2 };
const SETTINGS: Hold = { kind: "settings-change", routers: ["http/routers/c"], sinceMs: 3 };
const ELSEWHERE: Hold = { ...BLIND, catalogName: "dc2" };

test.each<[string, Parameters<typeof holdChanges>, ReturnType<typeof holdChanges>]>([
  ["a new hold is held", [[], [MASS], []], { held: [MASS], released: [] }],
  ["one that goes on is no news", [[MASS], [MASS], []], { held: [], released: [] }],
  [
    "one that holds fewer routers is no news",
    [[MASS], [{ ...MASS, routers: ["http/routers/a"] }], []],
    { held: [], released: [] },
  ],
  [
    "one that holds another router is held again",
    [[MASS], [{ ...MASS, routers: ["http/routers/a", "http/routers/x"] }], []],
    { held: [{ ...MASS, routers: ["http/routers/a", "http/routers/x"] }], released: [] },
  ],
  ["one that is over is released", [[MASS], [], []], { held: [], released: [{ hold: MASS, isByHand: false }] }],
  ["one that goes on for another reason is held, not released", [[MASS], [BLIND], []], { held: [BLIND], released: [] }],
  [
    "another catalog's hold takes no place",
    [[MASS], [ELSEWHERE], []],
    { held: [ELSEWHERE], released: [{ hold: MASS, isByHand: false }] },
  ],
  [
    "a hold of the settings takes no place of a catalog's",
    [[MASS], [SETTINGS], []],
    { held: [SETTINGS], released: [{ hold: MASS, isByHand: false }] },
  ],
  [
    "one that the operator ended is released, also where another takes its place",
    [[MASS], [BLIND], [MASS]],
    { held: [BLIND], released: [{ hold: MASS, isByHand: true }] },
  ],
])("%s", (_, [before, after, ended], changes) => {
  expect(holdChanges(before, after, ended)).toEqual(changes);
});
