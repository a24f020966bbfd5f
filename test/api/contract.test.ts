import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { ASKED } from "../../src/api/client/asked.ts";
import { CONTRACT } from "../../src/api/contract.ts";
import { RESOURCES } from "../../src/api/resources.ts";

test("the contract is the digest of all rows: after a change put the one that is expected here into src/api/contract.ts", () => {
  const form = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const rows = RESOURCES.map(({ path, query, answer }) => [path, form(query), form(answer)]);
  expect(CONTRACT).toBe(createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 12));
});

test("a command may ask for every row, by its path", async () => {
  const rows = await Promise.all(Object.values(ASKED).map(async ({ path, load }) => [path, await load()] as const));
  expect(rows.map(([, row]) => row)).toEqual(RESOURCES);
  for (const [path, row] of rows) expect(row.path).toBe(path);
});

test("an answer is the same before and after it is parsed, so that it may be taken as it is", () => {
  const form = (schema: z.ZodType, io: "input" | "output") =>
    JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" })).replaceAll(
      ',"additionalProperties":false',
      "",
    );
  for (const { path, answer } of RESOURCES)
    expect([path, form(answer, "output")]).toEqual([path, form(answer, "input")]);
});
