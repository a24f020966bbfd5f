import { describe, expect, test } from "vitest";
import { type RowFields, rowFilter, withFieldWord } from "../../../src/page/parts/row-filter.ts";

interface Row {
  readonly name: string;
  readonly state: string;
}

const FIELDS: RowFields<Row> = {
  fields: { name: ({ name }) => [name], state: ({ state }) => [state] },
  whole: ["state"],
  judged: { length: ({ name }, word) => String(name.length) === word },
  plain: ["name"],
};
const ROWS: readonly Row[] = [
  { name: "Wiki one", state: "live" },
  { name: "blog", state: "held" },
  { name: "live:x", state: "asleep" },
];

function found(text: string): readonly string[] {
  return ROWS.filter(rowFilter(text, FIELDS) ?? (() => true)).map(({ name }) => name);
}

describe("a filter", () => {
  test.each([
    ["", ["Wiki one", "blog", "live:x"]],
    ["wIk", ["Wiki one"]],
    ["wiki one", ["Wiki one"]],
    ["wiki two", []],
    ['"wiki one"', ["Wiki one"]],
    ['name:"ki o"', ["Wiki one"]],
    ["state:live", ["Wiki one"]],
    ["state:liv", []],
    ["-state:live", ["blog", "live:x"]],
    ["-state:live -blog", ["live:x"]],
    ["length:4", ["blog"]],
    // A word before a colon that is no field is a text as any other.
    ["live:x", ["live:x"]],
    ["state:", ["Wiki one", "blog", "live:x"]],
    ["-", []],
  ])("%j lets %j through", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test("of thousands of words looks at twenty", () => {
    const words = Array.from({ length: 5_000 }, () => "o").join(" ");
    expect(found(`${words} nothing-has-this`)).toEqual(["Wiki one", "blog"]);
  });
});

test.each([
  ["wiki", "live", "wiki state:live"],
  ["state:held wiki", "live", "wiki state:live"],
  ["STATE:held wiki", undefined, "wiki"],
  ["", "a b", 'state:"a b"'],
])("in %j the word of a field is replaced by %j", (text, value, expected) => {
  expect(withFieldWord(text, "state", value)).toBe(expected);
});
