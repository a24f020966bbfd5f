import { expect, test } from "vitest";
import { createShares } from "../../src/web/shares.ts";

test("the oldest that the greediest client holds is the one to go", () => {
  const shares = createShares<number>();
  expect(shares.takeOldest()).toBeUndefined();
  shares.add("a", 1);
  shares.add("b", 2);
  shares.add("b", 3);
  shares.add("b", 3);
  expect([shares.size, [...shares], shares.takeOldest()]).toEqual([3, [1, 2, 3], 2]);
  shares.delete("b", 2);
  shares.delete("b", 3);
  expect([shares.size, shares.takeOldest(), shares.size, shares.takeOldest()]).toEqual([1, 1, 0, undefined]);
});

test("what was taken is not taken again, though its end is not told yet", () => {
  const shares = createShares<number>();
  for (const held of [1, 2, 3, 4]) shares.add("a", held);
  expect([shares.takeOldest(), shares.takeOldestOfGreedierThan("b"), shares.size]).toEqual([1, 2, 2]);
  shares.delete("a", 1);
  expect([shares.size, [...shares]]).toEqual([2, [3, 4]]);
});

test("what may not go shields neither what its client holds besides, nor what another one does", () => {
  const shares = createShares<number>();
  for (const held of [1, 2, 3]) shares.add("a", held);
  shares.add("b", 4);
  const isEven = (held: number) => held % 2 === 0;
  expect([shares.takeOldest(isEven), shares.takeOldest(isEven), shares.takeOldest(isEven)]).toEqual([2, 4, undefined]);
  expect([...shares]).toEqual([1, 3]);
});

test("a client gets a place of another only where that one has at least two more", () => {
  const shares = createShares<number>();
  for (const held of [1, 2, 3]) shares.add("a", held);
  expect([shares.takeOldestOfGreedierThan("a"), shares.takeOldestOfGreedierThan("b")]).toEqual([undefined, 1]);
  shares.add("b", 4);
  expect(shares.takeOldestOfGreedierThan("b")).toBeUndefined();
});
