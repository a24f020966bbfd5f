import { describe, expect, test } from "vitest";
import { memoize, memoizeByItems, memoizeLatest, memoizeRecent } from "../../../src/core/incremental/memoize.ts";

describe("remember", () => {
  test("asks once for each object, also where the answer is nothing", () => {
    const asked: object[] = [];
    const answer = memoize((subject: { value: number | undefined }) => {
      asked.push(subject);
      return subject.value;
    });
    const [one, equal, empty] = [{ value: 1 }, { value: 1 }, { value: undefined }];
    expect([one, equal, one, empty, empty].map(answer)).toEqual([1, 1, 1, undefined, undefined]);
    expect(asked).toEqual([one, equal, empty]);
  });
});

describe("rememberList", () => {
  const [a, b, c] = [{ n: 1 }, { n: 2 }, { n: 3 }] as const;

  test("answers from memory for the same items in the same order, and anew for any other list", () => {
    const lists: (readonly object[])[] = [];
    const answer = memoizeByItems((items: readonly { n: number }[]) => {
      lists.push([...items]);
      return items.map(({ n }) => n).join();
    });
    expect(
      [
        [a, b],
        [a, b],
        [b, a],
        [a, b, c],
        [a, b],
        [{ n: 1 }, b],
      ].map(answer),
    ).toEqual(["1,2", "1,2", "2,1", "1,2,3", "1,2", "1,2"]);
    expect(lists).toEqual([
      [a, b],
      [b, a],
      [a, b, c],
      [a, b],
      [a, b],
    ]);
    expect(answer([])).toBe("");
  });

  test("is not misled by a list that its caller changes afterwards", () => {
    const answer = memoizeByItems((items: readonly { n: number }[]) => items.length);
    const items: { n: number }[] = [a];
    expect(answer(items)).toBe(1);
    items.push(b);
    expect(answer(items)).toBe(2);
  });
});

test("rememberLatest asks again for another text only", () => {
  const asked: string[] = [];
  const answer = memoizeLatest((text) => {
    asked.push(text);
    return text.length;
  });
  expect(["a", "a", "bb", "a"].map(answer)).toEqual([1, 1, 2, 1]);
  expect(asked).toEqual(["a", "bb", "a"]);
});

test("rememberSome asks again only when many other texts have come in between", () => {
  const asked: string[] = [];
  const answer = memoizeRecent(2, (text) => {
    asked.push(text);
    return text.length;
  });
  expect(["a", "bb", "a", "bb", "ccc", "a", "bb", "ccc"].map(answer)).toEqual([1, 2, 1, 2, 3, 1, 2, 3]);
  expect(asked).toEqual(["a", "bb", "ccc"]);
  for (let other = 0; other < 10; other += 1) answer(`other ${other}`);
  answer("a");
  expect(asked.at(-1)).toBe("a");
});
