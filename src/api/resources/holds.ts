import { z } from "zod";
import { defineResource } from "../resource.ts";
import { HOLD_KINDS } from "./words.ts";

const hold = z.object({
  chart: z.string(),
  catalog: z.string().nullable(),
  kind: z.enum(HOLD_KINDS),
  why: z.string().describe("in words, with what ends it"),
  since: z.string(),
  ends: z.string().nullable().describe("when it ends by itself, where that is a time"),
  isReleasable: z.boolean().describe("whether `portolan release` ends it"),
  routers: z.array(z.string()),
});

/** What is held. */
export const HOLDS = defineResource({
  path: "/v1/holds",
  summary: "routers that no instance asks for and that stay published, and why",
  query: z.strictObject({}),
  answer: z.object({ holds: z.array(hold) }),
});

export type HoldRow = z.infer<typeof hold>;
export type HoldsAnswer = z.infer<typeof HOLDS.answer>;
