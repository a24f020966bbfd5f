import { z } from "zod";
import { defineResource } from "../resource.ts";

/** How the running portolan stands. */
export const STATUS = defineResource({
  path: "/v1/status",
  summary: "whether it is ready and why not, its sources, its charts, what is held and what is wrong",
  query: z.strictObject({}),
  answer: z.looseObject({ version: z.string(), ready: z.boolean(), reasons: z.array(z.string()).readonly() }),
});
