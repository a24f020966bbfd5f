import { expect, test } from "vitest";
import { printable } from "../../src/base/printable.ts";
import { PLAIN_TEXT } from "../../src/cli/text/colour.ts";
import { answerText } from "../../src/cli/text/explain/answer-text.ts";
import { explainedText } from "../../src/cli/text/explain/explained-text.ts";
import { tellAnswer } from "../../src/explained/tell-answer.ts";
import { tellCharts } from "../../src/explained/tell-charts.ts";
import type { Block, Line, ToldAnswer } from "../../src/explained/told-answer.ts";
import { answersOf, readExplainCases } from "../golden/explain/explain-case.ts";

const cases = readExplainCases().map((one) => [one.name, one] as const);

/** All texts that the page lays out, in its order. */
function textsOf({ verdict, blocks }: ToldAnswer): readonly string[] {
  return [verdict.sign, verdict.says, ...blocks.flatMap(textsOfBlock)];
}

function textsOfBlock(block: Block): readonly string[] {
  if (block.kind === "verdict") return [block.verdict.sign, block.verdict.says];
  return [block.title ?? "", ...block.lines.flatMap(textsOfLine)];
}

function textsOfLine(line: Line): readonly string[] {
  switch (line.kind) {
    case "labelled":
      return [line.label, line.text];
    case "read":
      return [line.label ?? "", line.text];
    case "tag":
      return ["in the tag", line.tag];
    case "step":
      return [{ yes: "✓", no: "✗", waits: "…", open: "·" }[line.outcome], line.stage, line.text];
    case "item":
      return [line.sign, line.text, ...line.below];
    case "meaning":
      return [line.tag, `(${line.means})`];
    case "heading":
    case "note":
      return [line.text];
  }
}

/** Without what only sets lines apart: spaces, and the carets below a tag. */
function letters(text: string): string {
  return text.replace(/^ *\^+$/gm, "").replace(/\s+/g, "");
}

test.each(cases)("%s: the page has the words of the command, all of them and in their order", (_, asked) => {
  for (const answer of answersOf(asked)) {
    expect(letters(textsOf(tellAnswer(answer)).map(printable).join("\n"))).toBe(
      letters(answerText(answer, PLAIN_TEXT)),
    );
  }
});

test("of several charts the page tells what the command tells: the one that is meant first, the others in short", () => {
  const answers = [...answersOf(readExplainCases().find(({ name }) => name === "other-datacenter")!)];
  const meant = [...answersOf(readExplainCases().find(({ name }) => name === "kept")!)];
  const explained = {
    about: "wiki",
    charts: [
      { chart: "main", answers },
      { chart: "edge", answers: meant },
    ],
  };
  const told = tellCharts(explained);
  expect(told.map(({ name, answers: [first] }) => [name, first?.isBrief])).toEqual([
    ["edge", false],
    ["main", true],
  ]);
  const texts = told.flatMap((chart) => [`Chart ${chart.name}`, ...chart.answers.flatMap(textsOf)]);
  expect(letters(texts.join("\n"))).toBe(letters(explainedText(explained, PLAIN_TEXT)));
});
