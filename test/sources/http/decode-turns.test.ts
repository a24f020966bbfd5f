import { expect, test } from "vitest";
import { createDecodeTurns } from "../../../src/sources/http/decode-turns.ts";

const nextRound = () => new Promise((resolve) => setImmediate(resolve));

test("of large answers that come together one is decoded in each round of the event loop, in the order in which they came", async () => {
  const turns = createDecodeTurns();
  const decoded: number[] = [];
  for (const answer of [1, 2, 3]) void turns.next().then(() => decoded.push(answer));
  expect(decoded).toEqual([]);
  await nextRound();
  expect(decoded).toEqual([1]);
  await nextRound();
  expect(decoded).toEqual([1, 2]);
  await nextRound();
  expect(decoded).toEqual([1, 2, 3]);
});

test("an answer that comes after the others waits for a round as well, and one round only", async () => {
  const turns = createDecodeTurns();
  const decoded: string[] = [];
  void turns.next().then(() => {
    decoded.push("first");
    void turns.next().then(() => decoded.push("follower"));
  });
  await nextRound();
  expect(decoded).toEqual(["first"]);
  await nextRound();
  expect(decoded).toEqual(["first", "follower"]);
});

test("what else waits for the event loop has its turn between two answers", async () => {
  const turns = createDecodeTurns();
  const order: string[] = [];
  const decode = (answer: string) => turns.next().then(() => order.push(answer));
  const decoding = [decode("a"), decode("b"), decode("c")];
  await nextRound();
  order.push("another");
  await Promise.all(decoding);
  expect(order).toEqual(["a", "another", "b", "c"]);
});
