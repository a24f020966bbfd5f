import { z } from "zod";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";

/** What may stand there instead, to follow "found …; " in a message. */
export function allowedInstead(issue: z.core.$ZodIssue, found?: unknown): string {
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "invalid_value":
      return `allowed: ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      // A schema of text that a number was written for may know how it is to be written.
      if (typeof found === "number" && issue.message.includes("allowed")) return issue.message;
      return `${EXPECTED[issue.expected] ?? `a ${issue.expected}`} is allowed`;
    case "too_small":
      return `at least ${issue.minimum} is allowed`;
    case "too_big":
      return `at most ${issue.maximum} is allowed`;
    default:
      return issue.message;
  }
}

/** Zod's names for types, in the words of YAML. */
const EXPECTED: Readonly<Record<string, string>> = { object: "a mapping", record: "a mapping", array: "a list" };

/** A value for a message, shortened, and never what may hold a secret. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  // A list or mapping may hold a token in the wrong place.
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a mapping";
  if (typeof value !== "string") return JSON.stringify(value).slice(0, 80);
  // An address may carry a password, or a token in its query.
  const bare = /:.*@/s.test(value) ? withoutCredentials(value) : value;
  return JSON.stringify(bare.replace(/\?[^?]*=.*$/s, "?***").slice(0, 80));
}

/** The value below these keys (positions in lists count as keys); undefined where there is none. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let at = tree;
  for (const key of path) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  return at;
}

/** The part of JSON Schema that is looked at: objects and lists. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly description?: string;
  /** The fields are those of another section, which describes them. */
  readonly isDescribedElsewhere?: boolean;
  readonly default?: unknown;
}

/** A schema as JSON Schema describes what may be written in the file. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  // Zod's own type of the result is that of JSON Schema as a whole.
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
}

/** The keys that are allowed inside the object at this path; positions in lists are any number. */
export function allowedKeys(schema: z.ZodType, path: readonly string[]): readonly string[] {
  let node: JsonSchema | undefined = jsonSchemaOf(schema);
  for (const key of path) node = /^\d+$/.test(key) ? node?.items : node?.properties?.[key];
  return Object.keys(node?.properties ?? {});
}
