import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { openApiDocument } from "../../src/api/openapi.ts";
import { RESOURCES } from "../../src/api/resources.ts";

const document = openApiDocument("1.2.3");

test("the document has every resource with its parameters, and the pages beside them", () => {
  expect(Object.keys(document.paths)).toEqual([
    ...RESOURCES.map(({ path }) => path),
    ...["/healthz", "/readyz", "/metrics"],
  ]);
  const { get } = document.paths["/v1/routes"] as { get: { parameters: { name: string; required: boolean }[] } };
  expect(get.parameters.map(({ name, required }) => [name, required])).toEqual(
    ["host", "service", "router", "state", "chart", "limit", "after"].map((name) => [name, false]),
  );
  expect(JSON.stringify(document.paths["/v1/diff"])).toContain('"in":"query"');
  expect(JSON.stringify(document.paths["/v1/diff"])).toContain('"required":true');
});

test("each schema in it is one, and each reference leads somewhere", () => {
  const ajv = new Ajv2020({ strict: false });
  const references: string[] = [];
  for (const part of [...Object.values(document.paths), ...Object.values(document.components.schemas)]) {
    JSON.stringify({ schema: part }, (key, value: unknown) => {
      if (key === "$ref") references.push(String(value));
      if (key === "schema" && typeof value === "object" && value !== null) {
        expect(ajv.validateSchema(value), JSON.stringify(ajv.errors)).toBe(true);
      }
      return value;
    });
  }
  expect(new Set(references)).toEqual(
    new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)),
  );
});

test("names of operations are of their own", () => {
  const names = [...JSON.stringify(document).matchAll(/"operationId":"([^"]*)"/g)].map(([, name]) => name);
  expect(new Set(names).size).toBe(RESOURCES.length);
});
