import { isMapping } from "../../base/mapping.ts";
import { parseJson } from "../../base/parse-json.ts";

/** What a text that was given as a job turns out to be. */
export type JobFile =
  /** @property place of the job in the file: `Job`, or empty */
  | { readonly kind: "json"; readonly job: unknown; readonly place: string }
  /** For Nomad's own parser. */
  | { readonly kind: "hcl" }
  | { readonly kind: "other"; readonly message: string; readonly remedy: string };

/** Makes JSON of a job file, and has it judged. */
export const CONVERT = "nomad job run -output FILE | portolan check job -";

/**
 * | the text | is |
 * |---|---|
 * | `{ "Job": { … } }` | what `nomad job run -output` and `nomad job inspect` print, and the API takes |
 * | `{ "TaskGroups": … }` | the job by itself, as `/v1/job/ID` and `/v1/jobs/parse` answer |
 * | no JSON, with a block `job`, `variable` or `locals` | HCL |
 * | anything else | no job, and what it may be in its place |
 */
export function readJobFile(text: string): JobFile {
  const found = parseJson(text);
  if (found === undefined) {
    if (HCL.test(text)) return { kind: "hcl" };
    return {
      kind: "other",
      message: "found no valid JSON, and no job of Nomad's in HCL",
      remedy: `give it as JSON: ${CONVERT}`,
    };
  }
  if (!isMapping(found)) {
    const kind = Array.isArray(found) ? "a list" : "a plain value";
    return { kind: "other", message: `found ${kind}; one job of Nomad's is allowed`, remedy: `give it as ${CONVERT}` };
  }
  if (isMapping(found["Job"])) return { kind: "json", job: found["Job"], place: "Job" };
  if ("TaskGroups" in found) return { kind: "json", job: found, place: "" };
  return { kind: "other", ...otherJson(Object.keys(found).map((key) => key.toLowerCase())) };
}

const HCL = /^[ \t]*(?:job|variable)[ \t]+"|^[ \t]*locals[ \t]*\{/m;

function otherJson(keys: readonly string[]): { readonly message: string; readonly remedy: string } {
  if (keys.includes("job")) {
    return { message: "found a job file in the JSON form of HCL", remedy: `have Nomad read it: ${CONVERT}` };
  }
  if (["service", "services", "name", "tags"].some((key) => keys.includes(key))) {
    return {
      message: "found a service definition of Consul's, and no job of Nomad's",
      remedy: "portolan check service FILE",
    };
  }
  return { message: "found no job: neither Job nor TaskGroups", remedy: `give it as ${CONVERT}` };
}
