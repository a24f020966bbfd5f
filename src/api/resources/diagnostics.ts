import { z } from "zod";
import { name, oneOf, PAGE, PAGED } from "../parameters.ts";
import { defineResource } from "../resource.ts";
import { SEVERITIES } from "./words.ts";

const diagnostic = z.object({
  id: z.string().describe("its place in the list, for `after`"),
  chart: z.string(),
  code: z.string(),
  severity: z.enum(SEVERITIES),
  subject: z.looseObject({ service: z.string(), instance: z.string(), node: z.string() }),
  message: z.string(),
  remedy: z.string(),
  links: z.object({ consul: z.string().exactOptional(), nomad: z.string().exactOptional() }).exactOptional(),
});

/** What is wrong with services. */
export const DIAGNOSTICS = defineResource({
  path: "/v1/diagnostics",
  summary: "what is wrong with services, each with its remedy",
  query: z.strictObject({
    code: name.exactOptional().describe("those with this code of docs/diagnostics.md"),
    service: name.exactOptional().describe("those about this service"),
    severity: oneOf(SEVERITIES).exactOptional().describe("those of this severity"),
    chart: name.exactOptional().describe("those of this chart: `main`, or an edge's name"),
    ...PAGE,
  }),
  answer: z.object({
    diagnostics: z.array(diagnostic),
    codes: z
      .record(z.string(), z.string())
      .describe("what each code of this page means: its line in docs/diagnostics.md"),
    ...PAGED,
  }),
});

export type DiagnosticRow = z.infer<typeof diagnostic>;
export type DiagnosticsQuery = z.output<typeof DIAGNOSTICS.query>;
export type DiagnosticsAnswer = z.infer<typeof DIAGNOSTICS.answer>;
