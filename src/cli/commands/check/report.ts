import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { inputTitle } from "../../../base/input-title.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { JSON_FLAG } from "../../flags/check-flags.ts";

/** One thing that is wrong with what was checked. */
export interface Problem {
  /** Stable, for scripts. */
  readonly code: string;
  /** Only an error makes a check fail. */
  readonly severity: "error" | "warning" | "info";
  /** Where, such as `rules.0.hosts` or `http.routers.web`; empty for the whole. */
  readonly place: string;
  /** Counted from 1; absent where it is not known. */
  readonly line?: number;
  /** What was found and what is allowed, without secrets. */
  readonly message: string;
  readonly remedy: string;
  /** To paste, below the remedy. */
  readonly lines?: readonly string[];
  /** Lines to show a person below the message, such as a tag with a caret. */
  readonly shown?: readonly string[];
}

/** What a check has found. */
export interface CheckReport {
  /** The file, or `-`, or what else was checked. */
  readonly subject: string;
  readonly problems: readonly Problem[];
  /** What a person should see of what is sound. */
  readonly details?: readonly string[];
}

/** Prints what was found and gives the exit code. */
export function tell(report: CheckReport, flags: Readonly<Record<string, string | undefined>>): number {
  const isSound = !report.problems.some(({ severity }) => severity === "error");
  process.stdout.write(flags[JSON_FLAG.name] === undefined ? reportText(report, isSound) : reportJson(report, isSound));
  return isSound ? EXIT_CODES.ok : EXIT_CODES.failure;
}

function reportText({ subject, problems, details = [] }: CheckReport, isSound: boolean): string {
  const sums = (["error", "warning"] as const).flatMap((severity) => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return number === 0 ? [] : [count(number, severity === "error" ? "problem" : "warning")];
  });
  const head = [
    `${isSound ? "SUCCESS" : "FAILED"}: ${inputTitle(subject)}`,
    ...(sums.length === 0 ? [] : [sums.join(", ")]),
  ];
  const lines = [head.join(": "), ...problems.flatMap(problemLines), ...details.map((line) => `  ${line}`)];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** A problem by itself, for people: what and where, what it is about, the remedy. */
export function problemText(problem: Problem): string {
  return linesOf(problem, "")
    .map((line) => `${printable(line)}\n`)
    .join("");
}

/** A problem among others of a file: whether it is one that makes the check fail is said. */
function problemLines(problem: Problem): readonly string[] {
  const { severity } = problem;
  return linesOf(problem, severity === "error" ? "" : ` (${severity})`).map((line) => `  ${line}`);
}

function linesOf(
  { code, place, line, message, remedy, lines = [], shown = [] }: Problem,
  level: string,
): readonly string[] {
  const where = [place, ...(line === undefined ? [] : [`(line ${line})`])].filter((part) => part !== "").join(" ");
  return [
    `${code}${level}: ${where === "" ? "" : `${where}: `}${message}`,
    ...shown.map((one) => `  ${one}`),
    ...(remedy === "" ? [] : [`  ${remedy}`]),
    ...lines.map((one) => `    ${one}`),
  ];
}

function reportJson({ subject, problems }: CheckReport, isSound: boolean): string {
  const told = problems.map(({ shown: _, ...problem }) => problem);
  // JSON lets characters pass that steer a terminal or turn the direction of text.
  return printableLines(`${JSON.stringify({ format: 1, subject, isSound, problems: told }, undefined, 2)}\n`);
}
