import { type ConnectionBudget, createConnectionBudget } from "../../sources/connection-budget.ts";
import { type CatalogEndpoint, openEndpoint } from "../../sources/endpoint.ts";
import type { Product } from "../../sources/product.ts";
import { createTokenReader, type TokenReader } from "../../sources/token.ts";
import type { ChosenCatalog } from "./chosen.ts";

/** A larger answer is not a catalog's: the biggest that is asked for, one service with thousands of instances, is 2 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What the client of any product needs. */
export interface Connection {
  readonly endpoint: CatalogEndpoint;
  readonly readToken: TokenReader;
  readonly budget: ConnectionBudget;
  readonly waitMs: number;
  readonly maxAnswerBytes: number;
}

/** From a catalog's settings. Throws AppError (exit code 78) where a TLS file cannot be read. */
export function connectionTo(settings: ChosenCatalog["settings"], product: Product): Connection {
  return {
    endpoint: openEndpoint(settings.address, settings.tls, product),
    readToken: createTokenReader(settings),
    budget: createConnectionBudget(settings.connectionBudget),
    waitMs: settings.wait,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  };
}
