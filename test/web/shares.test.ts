import { expect, test } from "vitest";
import { createShares } from "../../src/web/shares.ts";

test("the oldest that the greediest client holds is the one to go", () => {
  const shares = createShares<number>();
  expect(shares.oldestOfGreediest()).toBeUndefined();
  shares.add("a", 1);
  shares.add("b", 2);
  shares.add("b", 3);
  shares.add("b", 3);
  expect([shares.size, [...shares], shares.oldestOfGreediest()]).toEqual([3, [1, 2, 3], 2]);
  shares.delete("b", 2);
  shares.delete("b", 2);
  expect([shares.size, shares.oldestOfGreediest()]).toEqual([2, 1]);
});

test("a client gets a place of another only where that one has at least two more", () => {
  const shares = createShares<number>();
  for (const held of [1, 2]) shares.add("a", held);
  expect([shares.oldestOfGreedierThan("a"), shares.oldestOfGreedierThan("b")]).toEqual([undefined, 1]);
  shares.add("b", 3);
  expect(shares.oldestOfGreedierThan("b")).toBeUndefined();
});
