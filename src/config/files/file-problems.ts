import { z } from "zod";
import { allowed, describe, lookUp } from "../resolve/resolve.ts";

/** A file's content as its schema reads it, or every problem at once: where, what was found, what is allowed. */
export type CheckedFile<Content> =
  | { readonly kind: "sound"; readonly content: Content }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/** Judges the content of a file of the operator's that is no settings file. Positions in lists count from 0. */
export function checkFile<Content>(schema: z.ZodType<Content>, content: unknown): CheckedFile<Content> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return { kind: "sound", content: parsed.data };
  return { kind: "refused", errors: parsed.error.issues.flatMap((issue) => explain(issue, schema, content)) };
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, content: unknown): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path).join(", ");
    return issue.keys.map((key) => `${[...path, key].join(".")}: found an unknown key; allowed here: ${known}`);
  }
  return [`${path.join(".") || "the file"}: found ${describe(lookUp(content, path))}; ${allowed(issue)}`];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

function keysAt(schema: z.ZodType, path: readonly string[]): readonly string[] {
  // Zod's own type of the result is that of JSON Schema as a whole; objects and lists are all that is looked at.
  let node: JsonSchema | undefined = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  for (const key of path) node = /^\d+$/.test(key) ? node?.items : node?.properties?.[key];
  return Object.keys(node?.properties ?? {});
}
