import { CatalogError } from "../catalog/catalog-error.ts";

/** What the index of an answer says about the next blocking query. */
export type IndexStep =
  | { readonly kind: "advanced"; readonly index: bigint }
  | { readonly kind: "same"; readonly index: bigint }
  /** The catalog was restarted, restored or replaced: ask again from the start. */
  | { readonly kind: "reset"; readonly index: bigint }
  | { readonly kind: "invalid"; readonly found: string };

/**
 * Judges the index header of an answer by Consul's rules for clients: an opaque unsigned 64-bit number; lower than the
 * last one means start again from 0; below 1 counts as 1, because 0 means "do not block" and would make a busy loop;
 * missing or not a number is an error and never a change.
 */
export function judgeIndex(previous: bigint, header: string | undefined): IndexStep {
  if (header === undefined || !/^\d{1,20}$/.test(header)) return { kind: "invalid", found: header ?? "no header" };
  const parsed = BigInt(header);
  const index = parsed < 1n ? 1n : parsed;
  if (index < previous) return { kind: "reset", index: 0n };
  return { kind: index === previous ? "same" : "advanced", index };
}

/** The index of an answer that follows no other. Throws E_CATALOG_NO_INDEX where it is missing or no number. */
export function soundIndex(header: string | undefined): bigint {
  const step = judgeIndex(0n, header);
  if (step.kind !== "invalid") return step.index;
  throw noIndex(step.found);
}

/** An answer whose index is missing or no number. */
export function noIndex(found: string): CatalogError {
  return new CatalogError(
    "E_CATALOG_NO_INDEX",
    `the answer's index is not a number: found ${JSON.stringify(found.slice(0, 40))}; is something else than the catalog answering?`,
  );
}
