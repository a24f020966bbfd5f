import { expect, test } from "vitest";
import { admit, greediest } from "../../../src/core/budgets/admission.ts";
import { type Budget, type Demand, NO_DEMANDS, withDemands } from "../../../src/core/budgets/demands.ts";

const BUDGET: Budget = { ofService: 50, free: 10, ofAll: 100 };

function demand(service: string, amount: number, createIndex: number, router = service): Demand {
  return { key: `http/routers/${router}`, service, createIndex, amount };
}

function refused(demands: readonly Demand[], established: readonly string[] = []): readonly string[] {
  const all = withDemands(
    NO_DEMANDS,
    demands.map((one) => [one.key, one] as const),
    BUDGET,
  );
  return [...admit(all, BUDGET, ({ service }) => established.includes(service)).keys()].map(
    (key) => key.split("/")[2] ?? "",
  );
}

test("nothing is refused while there is enough for all", () => {
  expect(refused([demand("a", 50, 1), demand("b", 50, 2)])).toEqual([]);
});

test("a service gets so much and no more, and what it is refused costs no other", () => {
  expect(refused([demand("a", 30, 1, "a1"), demand("a", 30, 1, "a2"), demand("b", 50, 2)])).toEqual(["a2"]);
});

test("where the budget of all is used up the later registration pays", () => {
  expect(refused([demand("late", 50, 9), demand("a", 50, 1), demand("b", 50, 2)])).toEqual(["late"]);
});

test("but what every service has free is given, however full it is", () => {
  const full = ["a", "b", "c"].map((service, at) => demand(service, 43, at));
  expect(refused([...full, demand("ordinary", 10, 9)])).toEqual([]);
  expect(refused([...full, demand("ordinary", 12, 9)])).toEqual(["ordinary"]);
});

test("who was served before stays, also when an older service grows", () => {
  const demands = [demand("grows", 50, 1), demand("b", 50, 2), demand("c", 50, 3)];
  expect(refused(demands, ["b", "c"])).toEqual(["grows"]);
});

test("many small ones in place of a large one are counted together", () => {
  const many = Array.from({ length: 20 }, (_, at) => demand(`s${String(at).padStart(2, "0")}`, 20, at));
  expect(refused(many)).toEqual(many.slice(10).map(({ service }) => service));
});

test("demands that change and go are taken back", () => {
  const [a, b] = [demand("a", 40, 1), demand("b", 30, 2)];
  const before = withDemands(
    NO_DEMANDS,
    [
      [a.key, a],
      [b.key, b],
    ],
    BUDGET,
  );
  const after = withDemands(
    before,
    [
      [a.key, undefined],
      [b.key, { ...b, amount: 60 }],
    ],
    BUDGET,
  );
  expect([before.excess, before.greedy, after.excess, after.greedy]).toEqual([50, 0, 50, 1]);
  expect(withDemands(after, [[b.key, undefined]], BUDGET)).toMatchObject({ excess: 0, greedy: 0 });
  expect(withDemands(before, [[a.key, { ...a }]], BUDGET)).toBe(before);
  expect(greediest(before)).toBe('"a" (40), "b" (30)');
});
