import type { z } from "zod";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";

/** A proxy or captive portal answers 200 with a page of its own; only JSON is believed. Throws E_CATALOG_NOT_JSON. */
export function requireJson(contentType: string | undefined, { name }: Product): void {
  const type = contentType ?? "no content type";
  if (type.startsWith("application/json")) return;
  throw new CatalogError(
    "E_CATALOG_NOT_JSON",
    `answered ${type.slice(0, 60)} instead of application/json; is a proxy in front of ${name}?`,
  );
}

/** A body by its schema, as a whole or not at all. Throws E_CATALOG_SHAPE that says where it is something else. */
export function decodeAnswer<T>(schema: z.ZodType<T>, body: unknown, endpoint: string, product: Product): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.map(String).join(".");
  throw new CatalogError(
    "E_CATALOG_SHAPE",
    `${endpoint} answered something else than ${product.name}'s: ${where.slice(0, 120)}: ${issue?.message ?? "unknown"}; check that ${product.section}.address is ${product.name}'s HTTP API`,
  );
}
