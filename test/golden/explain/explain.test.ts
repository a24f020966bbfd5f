import { expect, test } from "vitest";
import { answersOf, mendedCase, readExplainCases, rewriteText, textOf } from "./explain-case.ts";

const cases = readExplainCases();
const named = cases.map((one) => [one.name, one] as const);

test.each(named)("%s", (name, asked) => {
  const text = textOf(asked);
  if (process.env.UPDATE_GOLDEN === "1") rewriteText(name, text);
  else expect(text).toBe(asked.text);
});

test.each(named)("%s: fits a terminal, and is inert on it", (_, asked) => {
  const lines = textOf(asked).split("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey is what is looked for
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(line))).toEqual([]);
  // What is to be copied stays in one line, however long.
  expect(lines.filter((line) => line.length > 80 && !/[{`[]|: \S+ /.test(line) && line.trim().includes(" "))).toEqual(
    [],
  );
});

test.each(named.filter(([, { mended }]) => mended !== undefined))(
  "%s: the remedy stands in the answer, and with it the thing is routed",
  (_, asked) => {
    const before = answersOf(asked)[0].verdict.state;
    expect(before).not.toBe("routed");
    const printed = textOf(asked).replaceAll(/\s+/g, " ");
    for (const piece of asked.mended?.copied ?? []) expect(printed).toContain(piece);
    const after = mendedCase(asked);
    if (after === undefined) throw new Error("no remedy");
    expect(answersOf(after)[0].verdict).toMatchObject({ state: "routed" });
  },
);

test.each(named)("%s: shows no secret, to people or to machines", (_, asked) => {
  const planted = JSON.stringify(asked.services).match(/PLANTED-\d/g) ?? [];
  const shown = textOf(asked) + JSON.stringify(answersOf(asked));
  expect(planted.filter((secret) => shown.includes(secret))).toEqual([]);
});

test("secrets are planted, or the test above could not fail", () => {
  expect(cases.filter(({ services }) => JSON.stringify(services).includes("PLANTED-")).length).toBeGreaterThan(1);
});

test("every answer that nothing leads to has its remedy applied here, or says that there is nothing to do", () => {
  const unmended = cases.filter((asked) => {
    const { state } = answersOf(asked)[0].verdict;
    return state === "not-routed" && asked.mended === undefined;
  });
  expect(unmended.map(({ name }) => name)).toEqual([]);
});
