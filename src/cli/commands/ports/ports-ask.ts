import { type KnownPorts, readDynamicPorts } from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { readOperatorConfig } from "../../../app/inputs/operator-snippets.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { answerQuestion, type Question } from "../../../core/ports/inventory/asking/answer.ts";
import { rangeView } from "../../../observe/status/port-fields.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { PURPOSES, type Purpose } from "../../flags/port-flags.ts";
import { answerJson } from "./asking/answer-json.ts";
import { findingsOn } from "./asking/findings.ts";
import { headline } from "./asking/headline.ts";
import { missingPorts, parseAsking, parsePorts } from "./asking/question-operand.ts";
import { routingTags } from "./asking/routing-tags.ts";
import { type Asked, purposeLine, type Step, stepsFor } from "./asking/steps.ts";
import { loadForReading, printResult, rangeLine, type SurveyedSite, takeSurvey } from "./ports-survey.ts";

/** Does what `portsAskCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const wanted = parsePorts(operands);
  const purpose = PURPOSES.find((one) => one === flags["for"]);
  if (wanted !== undefined) return await tellPorts({ ...wanted, ...askedBy(flags) }, purpose, flags);
  return purpose === undefined ? missingPorts() : await tellPurpose(purpose, flags);
}

function askedBy(flags: FlagValues): Pick<Question, "node" | "asking"> {
  const { node } = flags;
  return { ...(node === undefined ? {} : { node }), ...parseAsking(flags) };
}

async function tellPorts(question: Question, purpose: Purpose | undefined, flags: FlagValues): Promise<number> {
  const site = await takeSurvey(flags);
  const { survey, range } = site;
  const answer = answerQuestion(survey, question);
  const asked = askedOf({ answer, survey }, site, flags);
  const steps = stepsFor(purpose, asked);
  const why = purpose === undefined ? "" : `; ${purposeLine(purpose, asked)}`;
  const first = headline(answer, survey) + why;
  const result = { answer: first, ...(purpose && { for: purpose }), ...(answerJson(answer, survey) as object), steps };
  tell(flags, result, [first, ...findingsOn(answer, survey).map(indented)], steps, range);
  return answer.verdict === "free" ? EXIT_CODES.ok : EXIT_CODES.failure;
}

/** Reads no catalog: what is told rests on nothing of it. */
async function tellPurpose(purpose: Purpose, flags: FlagValues): Promise<number> {
  const settings = await loadForReading(flags);
  const { range } = await readDynamicPorts(settings);
  const operatorConfig = await readOperatorConfig(settings);
  const asked = askedOf(undefined, { settings, range, operatorConfig }, flags);
  const steps = stepsFor(purpose, asked);
  const first = purposeLine(purpose, asked);
  tell(flags, { answer: first, for: purpose, steps }, [first], steps, range);
  return EXIT_CODES.ok;
}

function askedOf(
  found: Asked["found"],
  { settings, operatorConfig, range }: Pick<SurveyedSite & KnownPorts, "settings" | "operatorConfig" | "range">,
  flags: FlagValues,
): Asked {
  const name = parseAsking(flags).asking?.service ?? "NAME";
  const tags = () => routingTags(name, settings, operatorConfig);
  return { found, dynamic: range.ports, tags, name, snippets: settings.snippets };
}

function tell(
  flags: FlagValues,
  result: object,
  lines: readonly string[],
  steps: readonly Step[],
  range: DynamicRange,
): void {
  const all = [...lines, ...steps.flatMap(({ text, paste = [] }) => [indented(text), ...paste.map(indentedTwice)])];
  const text = all.map((line) => `${printable(line)}\n`).join("");
  printResult(flags, { ...result, dynamicPorts: rangeView(range) }, text + rangeLine(range));
}

function indented(line: string): string {
  return `  ${line}`;
}

function indentedTwice(line: string): string {
  return `    ${line}`;
}
