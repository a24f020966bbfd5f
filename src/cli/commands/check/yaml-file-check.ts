import type { FlagValues } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { type CheckReport, tell } from "./report.ts";

/** A check of one YAML file of the operator's that stands by itself. */
export interface YamlFileCheck {
  readonly name: string;
  /** A name for such a file. */
  readonly example: string;
  /** The code of what its schema refuses. */
  readonly invalid: string;
  /**
   * @param subject the file, for messages
   * @param flags as given
   */
  judge(content: unknown, subject: string, flags: FlagValues): JudgedContent | Promise<JudgedContent>;
}

/** What is wrong with a content as texts that begin with their place, or what is found in one that can be used. */
export type JudgedContent =
  | { readonly kind: "refused"; readonly errors: readonly string[] }
  | ({ readonly kind: "sound" } & Omit<CheckReport, "subject">);

/** Reads the file that the operands name, prints what is wrong with it or found in it, and gives the exit code. */
export async function checkYamlFile(
  { name, example, invalid, judge }: YamlFileCheck,
  flags: FlagValues,
  operands: readonly string[],
): Promise<number> {
  const subject = oneFile(name, operands, example);
  const read = await readYamlDocument(subject);
  if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
  const { text, content } = read.value;
  const judged = await judge(content, subject, flags);
  if (judged.kind === "refused") return tell({ subject, problems: problemsOf(invalid, judged.errors, text) }, flags);
  const { kind: _, ...found } = judged;
  return tell({ subject, ...found }, flags);
}
