import { z } from "zod";
import { defineResource } from "../resource.ts";
import { REASON } from "./explain.ts";
import { INSTANCE_LABEL } from "./instance-label.ts";

/* The answers of core/explain/legacy/legacy-answer.ts, field by field. */

const registration = z.object({
  ...INSTANCE_LABEL,
  service: z.string(),
  health: z.string(),
  isHealthy: z.boolean(),
  asksForRoutes: z.boolean().describe("whether its tags ask for any route"),
});

const router = z.object({
  name: z.string(),
  protocol: z.string(),
  rule: z.string(),
  successors: z
    .array(z.object({ router: z.string(), service: z.string(), servers: z.number() }))
    .readonly()
    .describe("routers of the catalog that take all of its requests as soon as it is deleted"),
  refused: z
    .array(z.object({ router: z.string(), service: z.string(), reason: REASON }))
    .readonly()
    .describe("those that ask for its hosts and would not get them"),
});

const entry = z.object({
  name: z.string(),
  key: z.string().describe("the service or middleware that points at fixed addresses: `http/services/nas`"),
  file: z.string().describe("the snippet that defines it"),
  state: z
    .enum(["done", "half", "not-begun"])
    .describe("`done`: it can be deleted; `half`: its address is registered, or a service asks for what it serves"),
  addresses: z.array(z.object({ address: z.string(), registered: z.array(registration).readonly() })).readonly(),
  routers: z.array(router).readonly().describe("routers of the snippets that lead to it"),
  usedBy: z.array(z.string()).readonly().describe("routers of services that use it"),
  next: z
    .array(z.object({ says: z.string(), lines: z.array(z.string()).readonly() }))
    .readonly()
    .describe("the next step in words, and lines to copy"),
});

/** What is left to migrate of the operator's static entries. */
export const LEGACY = defineResource({
  path: "/v1/legacy",
  summary: "the fixed addresses in the snippets, who is registered there by now, and the next step to be rid of each",
  query: z.strictObject({}),
  answer: z.object({
    charts: z
      .array(
        z.object({
          chart: z.string().describe("`main`, or the edge's name"),
          says: z.string().describe("how many there are, and how far they have moved"),
          entries: z.array(entry).readonly(),
        }),
      )
      .readonly(),
  }),
});

export type LegacyExplained = z.output<typeof LEGACY.answer>;
