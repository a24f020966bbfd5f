import { z } from "zod";
import { REFUSALS } from "./refusal.ts";
import type { Resource } from "./resource.ts";
import { EVENTS } from "./resources/events.ts";
import { RESOURCES } from "./resources.ts";

/** Plain data of JSON. */
interface Node {
  [keyword: string]: unknown;
}

/**
 * What the listener tells, as an OpenAPI document (https://spec.openapis.org/oas/v3.1.1): made of the rows by which requests are
 * judged and answers are made. Answers may get further fields in later versions.
 *
 * @param version portolan's
 */
export function openApiDocument(version: string) {
  const pages: Readonly<Record<string, string>> = {
    "/healthz": "the process works",
    "/readyz": "whether the chart can be trusted, and why not (503)",
    "/metrics": "metrics in Prometheus's text format",
  };
  const shared: Node = {};
  const operations = RESOURCES.map((resource) => [resource.path, { get: operation(resource, shared) }] as const);
  return {
    openapi: "3.1.1",
    info: {
      title: "portolan's listener",
      version,
      description:
        "For reading only; docs/api.md says more. A request for a name that is not this machine's is refused (421).",
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    paths: {
      ...Object.fromEntries(operations),
      ...Object.fromEntries(Object.entries(pages).map(([path, summary]) => [path, { get: textOperation(summary) }])),
    },
    components: {
      schemas: {
        Refusal: {
          type: "object",
          description: "the message names what was found, what is allowed and the remedy",
          properties: { code: { type: "string" }, message: { type: "string" } },
          required: ["code", "message"],
        },
        ...shared,
      },
    },
  };
}

/** @param shared takes up what the schemas have several times, by name */
function operation(resource: Resource, shared: Node): Node {
  const { path, summary, query, answer } = resource;
  const operationId = path.replace(/^\/v1\//, "").replaceAll(/\W/g, "-");
  const { properties = {}, required = [] } = schemaOf(query);
  const parameters = Object.entries(properties as Readonly<Record<string, Node>>).map(
    ([name, { description, ...schema }]) => ({
      ...{ name, in: "query", description, schema },
      required: Array.isArray(required) && required.includes(name),
    }),
  );
  const stream = {
    "text/event-stream": { schema: { type: "string" } },
  };
  const told = json("the answer", schemaOf(answer, { of: operationId, shared }));
  return {
    operationId,
    summary,
    ...(parameters.length === 0 ? {} : { parameters: resource === EVENTS ? [...parameters, RESUMED] : parameters }),
    responses: {
      200: resource === EVENTS ? { ...told, content: { ...told.content, ...stream } } : told,
      ...Object.fromEntries(Object.values(REFUSALS).map((status) => [status, REFUSED])),
      421: { description: "the name is not this machine's", content: TEXT_CONTENT },
    },
  };
}

const TEXT_CONTENT = { "text/plain": { schema: { type: "string" } } };

const REFUSED = json("refused", { $ref: "#/components/schemas/Refusal" });

/** A browser sends it when it opens a stream anew. */
const RESUMED = {
  ...{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "integer", minimum: 0 } },
  description: "of a stream: what came behind this id is told first",
};

function json(description: string, schema: Node) {
  return { description, content: { "application/json": { schema } } };
}

function textOperation(summary: string): Node {
  return { summary, responses: { 200: { description: summary, content: TEXT_CONTENT } } };
}

function schemaOf(schema: z.ZodType, parts?: { readonly of: string; readonly shared: Node }): Node {
  const {
    $schema: _,
    $defs = {},
    ...node
  } = z.toJSONSchema(schema, {
    ...{ io: "input", unrepresentable: "any", reused: parts === undefined ? "inline" : "ref" },
    override: ({ jsonSchema }) => {
      // The greatest number that JavaScript counts to says nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as Node;
  if (parts === undefined) return node;
  const { of, shared } = parts;
  for (const [name, part] of Object.entries($defs as Node)) shared[nameOf(name, of)] = refersBy(of, part);
  return refersBy(of, node) as Node;
}

function nameOf(name: string, operationId: string): string {
  return `${operationId}-${name.replace(/^_+schema/, "")}`;
}

/** The same with references to where shared parts stand in the document. */
function refersBy(operationId: string, node: unknown): unknown {
  return JSON.parse(JSON.stringify(node), (key, value: unknown) =>
    key === "$ref" && typeof value === "string"
      ? value.replace(/^#\/\$defs\/(.*)$/, (_, name: string) => `#/components/schemas/${nameOf(name, operationId)}`)
      : value,
  );
}
