import { parseJobFile } from "../../../../app/schedulers/parse-job.ts";
import type { Scheduler } from "../../../../app/schedulers/schedulers.ts";
import { decodeJob } from "../../../../job/file/decode-job.ts";
import { CONVERT, readJobFile } from "../../../../job/file/job-file.ts";
import type { Job } from "../../../../job/job.ts";
import { type Input, refused } from "../input.ts";
import { lineFinder } from "../line-finder.ts";
import type { Problem } from "../report.ts";

/** A job, or what is wrong with the text. */
export type JobInput =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** The parser's words may quote a whole file. */
const MOST_OF_REASON = 600;

/**
 * Reads a job from JSON, or has a Nomad read it from HCL. Throws AppError (exit code 69) where that Nomad does not answer.
 *
 * @param nomad undefined where none is named
 */
export async function readJob(text: string, nomad: Scheduler | undefined): Promise<JobInput> {
  const file = readJobFile(text);
  if (file.kind === "json") return decoded(file.job, file.place, text);
  if (file.kind === "other") return refusedInput("JOB_UNREADABLE", file.message, file.remedy);
  if (nomad === undefined) {
    const remedy = `convert it, ${CONVERT}; or name a Nomad that reads it: --nomad-addr URL`;
    return refusedInput("JOB_UNREADABLE", "found HCL, which Nomad alone can read", remedy);
  }
  const parsed = await parseJobFile(nomad, text);
  if (parsed.kind === "parsed") return decoded(parsed.job, "", "");
  const reason = parsed.reason
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .slice(0, MOST_OF_REASON);
  const remedy = /variable/i.test(reason)
    ? `correct it; variables without a default are given to Nomad's command: nomad job run -output -var NAME=VALUE FILE | portolan check job -`
    : "correct it: nomad job validate FILE";
  return refusedInput("JOB_REFUSED", `Nomad cannot read it: ${reason}`, remedy);
}

function decoded(value: unknown, place: string, text: string): JobInput {
  const found = decodeJob(value, place);
  if (found.kind === "decoded") return { kind: "job", job: found.job };
  const lineOf = lineFinder(text);
  const remedy = `write it by Nomad's own command: ${CONVERT}`;
  const problems = found.problems.map(({ place, message }): Problem => {
    const line = lineOf(place.split("."));
    return { code: "JOB_INVALID", severity: "error", place, ...(line && { line }), message, remedy };
  });
  return { kind: "refused", problems };
}

function refusedInput(...[code, message, remedy]: Parameters<typeof refused>): JobInput {
  const { problem }: Extract<Input, { kind: "refused" }> = refused(code, message, remedy);
  return { kind: "refused", problems: [problem] };
}
