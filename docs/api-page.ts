import { z } from "zod";
import type { Resource } from "../src/api/resource.ts";
import { table } from "./table.ts";

/** What a JSON schema says, as far as the rows of the API use it. */
const schemaNode = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get anyOf() {
    return z.array(schemaNode).optional();
  },
  get additionalProperties() {
    return z.union([schemaNode, z.boolean()]).optional();
  },
});

type SchemaNode = z.infer<typeof schemaNode>;

function nodeOf(schema: z.ZodType, io: "input" | "output"): SchemaNode {
  return schemaNode.parse(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
}

/** One resource: its parameters, and every field of its answer. */
export function resourceSection({ path, summary, query, answer }: Resource): string {
  const parameters = Object.entries(nodeOf(query, "input").properties ?? {}).map(([name, node]) => [
    `\`${name}\``,
    node.description ?? "",
    node.default === undefined ? "" : String(node.default),
  ]);
  const form = nodeOf(answer, "output");
  const fields = [...(form.items === undefined ? fieldsBelow("", form) : fieldsBelow("[]", form.items))];
  return [
    `## GET ${path}`,
    `Tells ${summary}.`,
    ...(parameters.length === 0 ? [] : [table(["parameter", "asks for", "default"], parameters)]),
    table(["field", "type", ""], fields),
  ].join("\n\n");
}

/** Rows for the fields of a node: `routes[].hosts`. */
function* fieldsBelow(path: string, node: SchemaNode): Generator<readonly [string, string, string]> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const own = path === "" ? name : `${path}.${name}`;
    const value = child.anyOf?.find(({ type }) => type !== "null") ?? child;
    const [of, at] = value.type === "array" && value.items !== undefined ? [value.items, `${own}[]`] : [value, own];
    const type = allowsNull(child) ? `${typeOf(of)} or null` : typeOf(of);
    yield [`\`${at}\``, type, child.description ?? value.description ?? ""];
    // The same again is not told twice.
    if (of.properties !== undefined && child.description?.startsWith("as `") !== true) yield* fieldsBelow(at, of);
  }
}

function allowsNull(node: SchemaNode): boolean {
  return [node, ...(node.anyOf ?? [])].some(({ type = [] }) => [type].flat().includes("null"));
}

function typeOf({ enum: words, type, properties, additionalProperties }: SchemaNode): string {
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(", ");
  if (type === "object" && properties === undefined && typeof additionalProperties === "object")
    return `object of ${String(additionalProperties.type)}s`;
  return [type ?? "any"]
    .flat()
    .filter((one) => one !== "null")
    .join(" or ");
}
