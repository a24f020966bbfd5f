import { expect, test } from "vitest";
import { createTurns } from "../../src/web/turns.ts";

test("each has a turn of the event loop of its own, and each client one before any has two", async () => {
  const turns = createTurns();
  let turn = 0;
  const count = () => {
    turn += 1;
    counter = setImmediate(count);
  };
  let counter = setImmediate(count);
  const begun: (readonly [string, number])[] = [];
  const begin = async (client: string) => {
    await turns.next(client);
    begun.push([client, turn]);
  };
  await Promise.all(["a", "a", "a", "b", "b", "c"].map(begin));
  expect(begun.map(([client]) => client)).toEqual(["a", "b", "c", "a", "b", "a"]);
  await begin("a");
  clearImmediate(counter);
  expect(new Set(begun.map(([, at]) => at)).size).toBe(begun.length);
});
