import { z } from "zod";
import { count } from "../../base/count.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";

/**
 * The issues that messages are made of: one for a place. Of alternatives the one that is of the value's kind tells what is wrong
 * inside of it, since a list of texts with a number in it is no case for "a text or a list"; and of a value of another kind no length
 * is told, which Zod measures all the same.
 */
export function plainIssues(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const all = issues.flatMap(withoutAlternatives);
  const ofKind = new Set(all.filter(({ code }) => code === "invalid_type").map(({ path }) => path.join("\n")));
  return all.filter(({ code, path }) => code !== "too_small" || !ofKind.has(path.join("\n")));
}

function withoutAlternatives(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || !isZodsOwn(issue.message)) return [issue];
  const meant = issue.errors.find((alternative) => alternative.every(({ path }) => path.length > 0));
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => withoutAlternatives({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What may stand there instead, to follow "found …; " in a message. It repeats nothing of what was found, which may be secret. */
export function allowedInstead(issue: z.core.$ZodIssue, found?: unknown): string {
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "invalid_value":
      return `allowed: ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      // A schema of text that a number was written for may know how it is to be written.
      if (typeof found === "number" && issue.message.includes("allowed")) return issue.message;
      return `${kindOf(issue)} is allowed${issue.expected === "string" && isBareScalar(found) ? ", in quotes" : ""}`;
    case "too_small":
      return atLeast(issue);
    case "too_big":
      return `at most ${issue.maximum} is allowed`;
    case "invalid_union": {
      if (!isZodsOwn(issue.message)) return issue.message;
      const kinds = issue.errors.flatMap(([first]) => (first?.code === "invalid_type" ? [kindOf(first)] : []));
      return kinds.length === 0 ? "another value is allowed" : `${[...new Set(kinds)].join(" or ")} is allowed`;
    }
    case "invalid_key":
    case "invalid_element": {
      const [inner] = issue.issues;
      return inner === undefined ? "another key is allowed" : allowedInstead(inner);
    }
    default:
      return isZodsOwn(issue.message) ? "another value is allowed" : issue.message;
  }
}

/** No schema here has given it. */
function isZodsOwn(message: string): boolean {
  return /^(?:Invalid|Too|Expected|Unrecognized)\b/.test(message);
}

function kindOf({ expected }: z.core.$ZodIssueInvalidType): string {
  return KINDS[expected] ?? "a value of another kind";
}

/** Zod's names for kinds of values, in the words of YAML. */
const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a mapping",
  record: "a mapping",
};

function atLeast({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  const least = Number(minimum);
  if (origin === "string") return `a text of at least ${count(least, "character")} is allowed`;
  if (origin === "array") return `a list of at least ${count(least, "entry", "entries")} is allowed`;
  return `at least ${minimum} is allowed`;
}

/** What YAML reads as something else than a text unless it is quoted. */
function isBareScalar(found: unknown): boolean {
  return typeof found === "number" || typeof found === "boolean" || found instanceof Date;
}

/** A value for a message, shortened, and never what may hold a secret. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (value instanceof Date) return "a date";
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
