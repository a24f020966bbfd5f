import { systemClock } from "../../clock.ts";
import { type ConnectionBudget, createConnectionBudget } from "../../sources/connection-budget.ts";
import type { CredentialReporter } from "../../sources/credential-reporter.ts";
import { type CatalogEndpoint, openEndpoint } from "../../sources/endpoint.ts";
import type { Product } from "../../sources/product.ts";
import type { TokenReader } from "../../sources/token.ts";
import { createTokenFile } from "../../sources/token-file.ts";
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

/** From a catalog's settings. Throws AppError (exit code 78) where a TLS file cannot be used. */
export function connectionTo(
  settings: ChosenCatalog["settings"],
  product: Product,
  reporter: CredentialReporter,
): Connection {
  return {
    endpoint: openEndpoint(settings.address, settings.tls, product, { clock: systemClock, reporter }),
    readToken: tokenReader(settings, product, reporter),
    budget: createConnectionBudget(settings.connectionBudget),
    waitMs: settings.wait,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  };
}

/** A file wins over a token, as in Consul's own tools: Nomad sets both for a task with a workload identity. */
function tokenReader(
  { token = "", tokenFile }: ChosenCatalog["settings"],
  { section }: Product,
  reporter: CredentialReporter,
): TokenReader {
  if (tokenFile === undefined) return () => token;
  return createTokenFile({ setting: `${section}.tokenFile`, path: tokenFile, token, clock: systemClock, reporter });
}
