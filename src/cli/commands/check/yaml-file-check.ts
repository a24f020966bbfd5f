import type { Command } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { CHECK_EXIT_CODES, type CheckReport, JSON_FLAG, tell } from "./report.ts";

/** A check of one YAML file of the operator's that stands by itself. */
export interface YamlFileCheck extends Pick<Command, "summary" | "help"> {
  readonly name: string;
  /** A name for such a file. */
  readonly example: string;
  /** The code of what its schema refuses. */
  readonly invalid: string;
  /** Beside those of every check. */
  readonly flags?: Command["flags"];
  /** More than the check ends with. */
  readonly exitCodes?: Command["exitCodes"];
  /**
   * @param subject the file, for messages
   * @param flags as given
   */
  judge(
    content: unknown,
    subject: string,
    flags: Readonly<Record<string, string | undefined>>,
  ): JudgedContent | Promise<JudgedContent>;
}

/** What is wrong with a content as texts that begin with their place, or what is found in one that can be used. */
export type JudgedContent =
  | { readonly kind: "refused"; readonly errors: readonly string[] }
  | ({ readonly kind: "sound" } & Omit<CheckReport, "subject">);

export function yamlFileCheck(check: YamlFileCheck): Command {
  const { name, summary, help, example, invalid } = check;
  return {
    ...{ name, summary, help },
    operands: "FILE|-",
    flags: [...(check.flags ?? []), JSON_FLAG],
    exitCodes: { ...CHECK_EXIT_CODES, ...check.exitCodes },
    async run(flags, operands) {
      const subject = oneFile(name, operands, example);
      const read = await readYamlDocument(subject);
      if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
      const { text, content } = read.value;
      const judged = await check.judge(content, subject, flags);
      if (judged.kind === "refused")
        return tell({ subject, problems: problemsOf(invalid, judged.errors, text) }, flags);
      const { kind: _, ...found } = judged;
      return tell({ subject, ...found }, flags);
    },
  };
}
