import { expect, test } from "vitest";
import { createSharedAnswers } from "../../src/web/shared-answers.ts";
import { collectGarbage } from "../support/garbage.ts";

test("an answer is made once for all who ask the same, until what it is made of is another", async () => {
  const shared = createSharedAnswers();
  let made = 0;
  const ask = (question: string, ...madeOf: readonly object[]) =>
    shared.answer(question, madeOf, () => {
      made += 1;
      return Promise.resolve(Buffer.from(`${question} ${made}`));
    });
  const [before, after, links] = [{}, {}, {}];
  const first = await ask("/v1/routes?", before, links);
  expect(await ask("/v1/routes?", before, links)).toBe(first);
  expect(String(await ask("/v1/routes?limit=1", before, links))).toBe("/v1/routes?limit=1 2");
  expect(String(await ask("/v1/routes?", after, links))).toBe("/v1/routes? 3");
  expect(String(await ask("/v1/routes?", after))).toBe("/v1/routes? 4");
});

test("of what an answer was made nothing is held", async () => {
  const shared = createSharedAnswers();
  const ask = (madeOf: object) => shared.answer("/v1/routes?", [madeOf], () => Promise.resolve(Buffer.alloc(1)));
  const first = await (async () => {
    const chart = { text: "http: {}" };
    await ask(chart);
    return new WeakRef(chart);
  })();
  await collectGarbage();
  expect(first.deref()).toBeUndefined();
});

test("of very many questions the latest are remembered", async () => {
  const shared = createSharedAnswers();
  const madeOf = [{}];
  const ask = (number: number) =>
    shared.answer(`/v1/routes?host=${number}`, madeOf, () => Promise.resolve(Buffer.alloc(1)));
  const first = await ask(0);
  for (let number = 1; number <= 100; number += 1) await ask(number);
  expect(await ask(0)).not.toBe(first);
});
