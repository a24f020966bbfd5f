import { z } from "zod";
import { defineResource } from "../resource.ts";

/** All resources as one document; src/api/openapi.ts makes it of their rows. */
export const OPENAPI = defineResource({
  path: "/v1/openapi.json",
  summary:
    "what is told here, as an OpenAPI 3.1 document, for programs that make clients of it (`deploy/schema/openapi.json` is a copy)",
  query: z.strictObject({}),
  answer: z.looseObject({ openapi: z.string(), info: z.looseObject({ version: z.string().describe("portolan's") }) }),
});
