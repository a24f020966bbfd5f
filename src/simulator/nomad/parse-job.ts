import { text as readAll } from "node:stream/consumers";
import { type Answer, jsonAnswer, textAnswer } from "../api/answer.ts";
import { member, text } from "../api/body.ts";
import type { CatalogRequest } from "../api/listener.ts";
import type { NomadCatalog } from "./catalog.ts";

export const PARSE = "/v1/jobs/parse";

/** A job file in HCL → the job as the API has it. */
export async function answerParse({ parseJob }: NomadCatalog, request: CatalogRequest): Promise<Answer> {
  const body: unknown = JSON.parse(await readAll(request));
  const hcl = text(member({ value: body, at: "body" }, "JobHCL")) ?? "";
  if (hcl === "") return textAnswer(400, "Job spec is empty");
  if (parseJob === undefined) return textAnswer(501, "this catalog has no parser");
  try {
    return jsonAnswer(await parseJob(hcl));
  } catch (error) {
    return textAnswer(400, error instanceof Error ? error.message : String(error));
  }
}
