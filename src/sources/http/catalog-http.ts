import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogRead } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";
import { hideToken } from "../credentials/hide-token.ts";
import { type TokenReader, withToken } from "../credentials/token.ts";
import { type AnswerFacts, answerFacts } from "./answer-facts.ts";
import type { HttpConnections } from "./client/connections.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import { deadlineMs, withDeadline } from "./deadline.ts";
import { requireJson } from "./decode-answer.ts";
import { statusError, toCatalogError } from "./error-boundary.ts";
import { longWaitMs } from "./long-wait.ts";

/** What the client of any product is given. */
export interface CatalogConnection {
  readonly connections: HttpConnections;
  readonly readToken: TokenReader;
  readonly budget: ConnectionBudget;
  /** How long the catalog may hold a blocking query; where there are many, they are held longer. */
  readonly waitMs: number;
  readonly maxAnswerBytes: number;
  /** An answer that is older is not believed. */
  readonly maxStaleMs: number;
  /** A request was sent; `endpoint` is its path without names. */
  requested(endpoint: string): void;
  /** What an answer to it said of itself. */
  answered(facts: AnswerFacts): void;
}

/** One kind of read. */
export interface CatalogQuery<T> {
  /** The path without names, for reports: `/v1/health/service`. */
  readonly endpoint: string;
  /** The path with its names, below `/v1`. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Ask for a packed answer? Worth its time where many entries look alike. */
  readonly isLarge?: boolean;
  decode(body: unknown): T;
}

/** Reads a catalog by HTTP, by the rules that Consul and Nomad share. Rejects with a CatalogError only. */
export interface CatalogHttp {
  read<T>(query: CatalogQuery<T>, how: CatalogRead): Promise<BlockingAnswer<T>>;
  close(): void;
}

export function createCatalogHttp(
  { connections, readToken, budget, ...options }: CatalogConnection,
  product: Product,
): CatalogHttp {
  const { headerPrefix } = product;

  async function read<T>(
    query: CatalogQuery<T>,
    { index, consistency, signal }: CatalogRead,
  ): Promise<BlockingAnswer<T>> {
    return await budget.spend(async () => {
      const waitMs = index > 0n ? longWaitMs(options.waitMs, budget.inUse, Math.random()) : 0;
      const path = withQuery(query.path, {
        ...query.parameters,
        ...(waitMs > 0 ? { index: index.toString(), wait: `${waitMs}ms` } : {}),
        ...(product.consistencies.includes(consistency) ? { [consistency]: "" } : {}),
      });
      return await withToken(readToken, signal, (token) => ask(query, path, token, { waitMs, consistency, signal }));
    });
  }

  async function ask<T>(
    query: CatalogQuery<T>,
    path: string,
    token: string,
    { waitMs, consistency, signal }: { readonly waitMs: number } & Pick<CatalogRead, "consistency" | "signal">,
  ): Promise<BlockingAnswer<T>> {
    options.requested(query.endpoint);
    const headers = {
      accept: "application/json",
      "accept-encoding": query.isLarge === true ? "gzip" : "identity",
      ...(token === "" ? {} : { [`${headerPrefix}-token`]: token }),
    };
    try {
      const answer = await withDeadline(deadlineMs(waitMs), signal, (ending) =>
        connections.send({ path, headers, maxBytes: options.maxAnswerBytes, signal: ending }),
      );
      const { status, header, text } = answer;
      if (status < 200 || status > 299) throw statusError(status, text, header("retry-after"), product);
      requireJson(header("content-type"), product);
      const facts = answerFacts(answer, headerPrefix);
      refuseStale(facts, options.maxStaleMs, consistency);
      const found = header(`${headerPrefix}-index`);
      if (found === "0" && product.indexZero !== undefined) {
        throw new CatalogError("E_CATALOG_DENIED", `${product.indexZero}; ${product.rights}`);
      }
      const value = query.decode(JSON.parse(text));
      options.answered(facts);
      return { index: found === undefined ? undefined : hideToken(found, token), value };
    } catch (error) {
      if (signal.aborted) throw new CatalogError("E_CATALOG_ABORTED", `${query.endpoint}: stopped`);
      throw toCatalogError(error, query.endpoint, token);
    }
  }

  return { read, close: () => connections.close() };
}

/** Reading from the leader instead would load it the more the worse it stands; what was read before is kept. */
function refuseStale({ ageMs = 0 }: AnswerFacts, maxStaleMs: number, consistency: CatalogRead["consistency"]): void {
  if (consistency !== "stale" || ageMs <= maxStaleMs) return;
  throw new CatalogError(
    "E_CATALOG_STALE",
    `the answer is ${Math.round(ageMs / 1_000)} s old, and no more than ${Math.round(maxStaleMs / 1_000)} s (maxStale) are accepted; the server that answers has lost its leader`,
  );
}

function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query}`;
}
