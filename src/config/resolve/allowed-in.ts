import { publishedSchema } from "./published-schema.ts";
import type { SettingPath } from "./setting-origins.ts";

interface Node {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** What a setting may have as its value, for people; empty for one that does not exist. */
export function allowedIn(path: SettingPath): string {
  const root: Node = publishedSchema("settings");
  const found = path.split(".").reduce<Node | undefined>((node, part) => {
    const holder = [node, ...(node?.anyOf ?? [])].find((one) => one?.properties !== undefined);
    const child = holder?.properties?.[part.replace(/\[\]$/, "")];
    return part.endsWith("[]") ? child?.items : child;
  }, root);
  return found === undefined ? "" : allowedBy(found);
}

function allowedBy(node: Node): string {
  const { enum: values, anyOf, examples, minimum, maximum, items } = node;
  if (values !== undefined) return [...new Set(values.map(String))].join(", ");
  if (anyOf !== undefined) return anyOf.map(allowedBy).join("; or ");
  const types = [node.type ?? []].flat();
  const words = types.map((type) => WORDS[type] ?? type).join(" or ");
  const such = examples === undefined ? "" : `, such as ${examples.map(String).join(", ")}`;
  if (types.includes("array")) return items === undefined ? words : `${words}: ${allowedBy(items)}`;
  if (types.includes("string")) return `${words}${such}`;
  const range = [minimum === undefined ? "" : `from ${minimum}`, maximum === undefined ? "" : `to ${maximum}`];
  return [words, ...range].filter((part) => part !== "").join(" ");
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  array: "a list",
  object: "a mapping",
};
