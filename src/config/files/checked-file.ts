import type { z } from "zod";
import { allowedInstead, allowedKeys, describeValue, plainIssues, valueAt } from "./schema-problem.ts";

/** A file's content as its schema reads it, or every problem at once: where, what was found, what is allowed. */
export type CheckedFile<Content> =
  | { readonly kind: "sound"; readonly content: Content }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/** Checks the content of a policy or a ledger. Positions in lists count from 0. */
export function checkFile<Content>(schema: z.ZodType<Content>, content: unknown): CheckedFile<Content> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return { kind: "sound", content: parsed.data };
  return {
    kind: "refused",
    errors: plainIssues(parsed.error.issues).flatMap((issue) => explain(issue, schema, content)),
  };
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, content: unknown): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = allowedKeys(schema, path).join(", ");
    return issue.keys.map((key) => `${[...path, key].join(".")}: found an unknown key; allowed here: ${known}`);
  }
  const value = valueAt(content, path);
  return [`${path.join(".") || "the file"}: found ${describeValue(value)}; ${allowedInstead(issue, value)}`];
}
