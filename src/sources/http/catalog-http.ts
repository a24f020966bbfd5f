import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogRead } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";
import { hideToken } from "../credentials/hide-token.ts";
import { type TokenReader, withToken } from "../credentials/token.ts";
import { type AnswerFacts, answerFacts } from "./answer-facts.ts";
import type { HttpAnswer, HttpConnections } from "./client/connections.ts";
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

/** A read that is about to be sent. */
export interface CatalogRequest {
  /** The index to wait beyond, and how long at most; nothing where the answer is wanted at once. */
  readonly blocking: { readonly index?: string; readonly wait?: string };
  /** `default` also where the product has nothing of the kind that was asked for. */
  readonly consistency: CatalogRead["consistency"];
  /**
   * Sends it.
   *
   * @param path below `/v1`, with names and parameters
   */
  get(path: string): Promise<HttpAnswer>;
}

/** One kind of read. */
export interface CatalogQuery<T> {
  /** The path without names, for reports: `/v1/health/service`. */
  readonly endpoint: string;
  /** Ask for a packed answer? Worth its time where many entries look alike. */
  readonly isLarge?: boolean;
  /** Puts path and parameters together and sends the request, once. */
  ask(request: CatalogRequest): Promise<HttpAnswer>;
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
      const how = {
        waitMs,
        blocking: waitMs > 0 ? { index: index.toString(), wait: `${waitMs}ms` } : {},
        consistency: product.consistencies.includes(consistency) ? consistency : "default",
        signal,
      } as const;
      return await withToken(readToken, signal, (token) => ask(query, token, how));
    });
  }

  async function ask<T>(
    query: CatalogQuery<T>,
    token: string,
    {
      waitMs,
      signal,
      ...request
    }: Omit<CatalogRequest, "get"> & Pick<CatalogRead, "signal"> & { readonly waitMs: number },
  ): Promise<BlockingAnswer<T>> {
    options.requested(query.endpoint);
    const headers = {
      accept: "application/json",
      "accept-encoding": query.isLarge === true ? "gzip" : "identity",
      ...(token === "" ? {} : { [`${headerPrefix}-token`]: token }),
    };
    try {
      const answer = await withDeadline(deadlineMs(waitMs), signal, (ending) =>
        query.ask({
          ...request,
          get: (path) => connections.send({ path, headers, maxBytes: options.maxAnswerBytes, signal: ending }),
        }),
      );
      const { status, header, text } = answer;
      if (status < 200 || status > 299) throw statusError(status, text, header("retry-after"), product);
      requireJson(header("content-type"), product);
      const facts = answerFacts(answer, headerPrefix);
      refuseStale(facts, options.maxStaleMs, request.consistency);
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
