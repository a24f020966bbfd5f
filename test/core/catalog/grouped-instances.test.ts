import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupInstances, instancesByService, wholeChange } from "../../../src/core/catalog/grouped-instances.ts";
import { translateServices } from "../../../src/core/instances/translated-services.ts";
import { instance, settings } from "../../builders/world.ts";

const CORE = settings();
const known = ["a", "b", "c", "d"].flatMap((service) =>
  [1, 2, 3].map((copy) => instance({ service, id: `${service}-${copy}`, port: 24_000 + copy })),
);
/** In any order, or with each service's instances together as the sources have them. */
const list = fc
  .tuple(fc.shuffledSubarray(known), fc.boolean())
  .map(([some, isTogether]) => (isTogether ? [...instancesByService(some).values()].flat() : some));

const edits = fc.array(fc.tuple(fc.nat(12), fc.nat(2), fc.shuffledSubarray(known, { maxLength: 2 })), { maxLength: 6 });
/** A list, and others that differ from the one before in a few places. */
const edited = fc.tuple(list, edits).map(([first, changes]) => {
  const all = [first];
  for (const [at, count, come] of changes) {
    const last = (all.at(-1) ?? []).filter((one) => !come.includes(one));
    all.push(last.toSpliced(at, count, ...come));
  }
  return all;
});
const lists = fc.oneof(fc.array(list, { maxLength: 6 }), edited);

describe("instances by service, one list after another", () => {
  test("are grouped, and translated, as each list is by itself", () => {
    fc.assert(
      fc.property(lists, (all) => {
        let grouped = groupInstances([]);
        let services = translateServices(grouped, CORE);
        for (const instances of all) {
          const next = groupInstances(instances, grouped);
          const afresh = instancesByService(instances);
          expect(new Set(next.services.keys())).toEqual(new Set(afresh.keys()));
          for (const [key, own] of afresh) expect(next.services.get(key)).toEqual(own);
          services = translateServices(next, CORE, { services, grouped });
          expect([...services]).toEqual([...translateServices(groupInstances([...instances]), CORE)]);
          grouped = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  test("cost what has changed: a service that comes, one that changes and one that goes", () => {
    const many = Array.from({ length: 900 }, (_, position) =>
      instance({ service: `s${Math.floor(position / 3)}`, id: `i${position}` }),
    );
    const before = groupInstances(many);
    const come = instance({ service: "new" });
    const changed = { ...many[301]!, port: 24_001 };
    expect(wholeChange(before, many.with(301, changed))).toEqual({
      left: new Map([["s100", many.slice(300, 303)]]),
      came: new Map([["s100", [many[300], changed, many[302]]]]),
      next: "s101",
    });
    expect(wholeChange(before, many.toSpliced(300, 0, come))).toEqual({
      left: new Map(),
      came: new Map([["new", [come]]]),
      next: "s100",
    });
    expect(wholeChange(before, many.slice(0, -3))).toEqual({
      left: new Map([["s299", many.slice(-3)]]),
      came: new Map(),
      next: undefined,
    });
    expect(groupInstances(many.with(301, changed), before).services.get("s0")).toBe(before.services.get("s0"));
  });

  test("are grouped anew where a service has instances in several places", () => {
    const [one, other, third] = ["a", "b", "a"].map((service, id) => instance({ service, id: String(id) }));
    const before = groupInstances([one!, other!, third!]);
    expect(wholeChange(before, [one!, other!, { ...third!, port: 24_009 }])).toBeUndefined();
    expect(wholeChange(before, [one!, { ...other!, port: 24_009 }, third!])).toBeUndefined();
  });
});
