import { z } from "zod";
import { ledgerFile } from "../files/ledger/ledger-schema.ts";
import { policyFile } from "../files/policy-file.ts";
import { settingsSchema } from "../files/schema.ts";
import type { PublishedSchemaName } from "./published-names.ts";
import { FLAGS } from "./setting-origins.ts";

/** Files that have a published schema, and what each is, as a title. */
export const PUBLISHED_SCHEMAS = {
  settings: { title: "Portolan's settings", schema: settingsSchema },
  policy: { title: "Portolan's policy", schema: policyFile },
  ledger: { title: "Portolan's ledger of ports", schema: ledgerFile },
} as const satisfies Readonly<Record<PublishedSchemaName, unknown>>;

/** JSON Schema as plain data. */
interface Node {
  [keyword: string]: unknown;
}

/**
 * The JSON Schema (draft 7, which editors and validators know best) of a file that operators write. It takes every file that
 * portolan takes; of the rules that no schema can hold (a rule that parses, a file that is there, one of two fields) it knows
 * nothing. What flags may say in place of the settings file is not required in it.
 */
export function publishedSchema(name: PublishedSchemaName): Node {
  const { title, schema } = PUBLISHED_SCHEMAS[name];
  const { $schema, ...root } = z.toJSONSchema(schema, {
    ...{ io: "input", unrepresentable: "any", target: "draft-7" },
    override: ({ jsonSchema }) => {
      delete jsonSchema["isDescribedElsewhere"];
      if (jsonSchema["hasShortForm"] === true) allowShortForm(jsonSchema);
      // Zod keeps examples of what is transformed to itself.
      const { samples } = jsonSchema;
      if (Array.isArray(samples)) jsonSchema.examples = samples;
      delete jsonSchema["samples"];
      // The greatest number that JavaScript counts to says nothing about ports or owners.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as Node;
  const whole = name === "settings" ? withOldNames(withoutRequired(root)) : root;
  return { $schema, title, ...whole };
}

/** A text may stand for the fields: `api: URL` for `api: { address: URL }`. Changes the node. */
function allowShortForm(node: Node): void {
  const { description, hasShortForm: _, ...fields } = node;
  for (const keyword of Object.keys(node)) delete node[keyword];
  Object.assign(node, { ...(description !== undefined && { description }), anyOf: [{ type: "string" }, fields] });
}

/** Without what a flag may say: the command line is no part of the file. */
function withoutRequired(root: Node): Node {
  const { required: _, ...rest } = root;
  const properties = propertiesOf(root);
  const sections = Object.entries(properties).map(([name, section = {}]) => {
    const given = Object.values(FLAGS)
      .filter((path) => path.startsWith(`${name}.`))
      .map((path) => path.slice(name.length + 1));
    const required = asList(section["required"]).filter((field) => !given.includes(field));
    const { required: __, ...others } = section;
    return [name, required.length === 0 ? others : { ...others, required }] as const;
  });
  return { ...rest, properties: Object.fromEntries(sections) };
}

/** `ports.nomad` was the name of `schedulers`, and is still read. */
function withOldNames(root: Node): Node {
  const properties = new Map(Object.entries(propertiesOf(root)));
  const ports = properties.get("ports");
  const nomad = { ...properties.get("schedulers"), description: "the old name of `schedulers`", deprecated: true };
  properties.set("ports", { ...ports, properties: { ...propertiesOf(ports ?? {}), nomad } });
  return { ...root, properties: Object.fromEntries(properties) };
}

function propertiesOf(node: Node): Readonly<Record<string, Node | undefined>> {
  return (node["properties"] ?? {}) as Readonly<Record<string, Node | undefined>>;
}

function asList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The text of its file in `deploy/schema`. */
export function publishedSchemaText(name: PublishedSchemaName): string {
  return `${JSON.stringify(publishedSchema(name), undefined, 2)}\n`;
}

export function isPublishedSchema(name: string): name is PublishedSchemaName {
  return Object.hasOwn(PUBLISHED_SCHEMAS, name);
}
