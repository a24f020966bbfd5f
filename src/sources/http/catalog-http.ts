import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "../../base/system-code.ts";
import { unlessAborted } from "../../base/unless-aborted.ts";
import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import { ABANDONED, type CatalogRead } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";
import { hideToken } from "../credentials/hide-token.ts";
import { jwtFlaw } from "../credentials/jwt-flaw.ts";
import { type TokenReader, withToken } from "../credentials/token.ts";
import { type AnswerFacts, answerFacts } from "./answer-facts.ts";
import type { HttpAnswer, HttpConnections, HttpRequest } from "./client/connections.ts";
import { CLOSED_UNANSWERED, failure } from "./client/failure.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import { deadlineMs, withDeadline, withDeadlineOrLeft } from "./deadline.ts";
import { requireJson } from "./decode-answer.ts";
import { createDecodeTurns } from "./decode-turns.ts";
import { statusError, toCatalogError } from "./error-boundary.ts";
import { longWaitMs } from "./long-wait.ts";

/** So often a request is sent again that got no connection while others are answered, before its caller is told. */
const MOST_REFUSALS = 8;
const REFUSED_PAUSE_MS = 100;
/** What is refused is refused soon. */
const REFUSED_WITHIN_MS = 1_000;
/** Within this time it shows whether anything else is answered. */
const LOOK_AROUND_MS = 30;
/** A long poll that others wait for. */
const TURN_MS = 500;
const SHORTAGE_WAIT_MS = 5_000;

/** What the client of any product is given. */
export interface CatalogConnection {
  readonly connections: HttpConnections;
  readonly readToken: TokenReader;
  readonly budget: ConnectionBudget;
  /** How long the catalog may hold a blocking query; where there are many, they are held longer. */
  readonly waitMs: number;
  /** How long the process has lived: no query is held for much longer. Default: for ever. */
  ageMs?(): number;
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
  /** The same with a body in JSON, for what the catalog works out and does not store. */
  post(path: string, body: unknown): Promise<HttpAnswer>;
}

/** One kind of read. */
export interface CatalogQuery<T> {
  /** The path without names, for reports: `/v1/health/service`. */
  readonly endpoint: string;
  /** Ask for a packed answer, and decode it when it is its turn? Worth its time where many entries look alike. */
  readonly isLarge?: boolean;
  /** Puts path and parameters together and sends the request, once. */
  ask(request: CatalogRequest): Promise<HttpAnswer>;
  decode(body: unknown): T;
  /** What an answer that is no success means; undefined for an error as of any other query. Default: an error always. */
  refused?(status: number, text: string): T | undefined;
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

  /** Requests in flight, by when they were sent. */
  const inFlight = new Set<{ readonly sentAtMs: number }>();
  const decodeTurns = createDecodeTurns();
  let answers = 0;

  async function read<T>(query: CatalogQuery<T>, how: CatalogRead): Promise<BlockingAnswer<T>> {
    throwIfAborted(query.endpoint, how.signal);
    try {
      return await unlessAborted(readUnlessRefused(query, how), how.signal);
    } catch (error) {
      throwIfAborted(query.endpoint, how.signal);
      throw error;
    }
  }

  async function readUnlessRefused<T>(query: CatalogQuery<T>, how: CatalogRead): Promise<BlockingAnswer<T>> {
    for (let refusals = 1; ; refusals += 1) {
      try {
        return await attempt(query, how);
      } catch (error) {
        if (!(error instanceof CatalogError) || !error.isShortage || refusals === MOST_REFUSALS) throw error;
        await sleep(REFUSED_PAUSE_MS * (1 + Math.random()));
        throwIfAborted(query.endpoint, how.signal);
      }
    }
  }

  async function attempt<T>(query: CatalogQuery<T>, how: CatalogRead): Promise<BlockingAnswer<T>> {
    const { index, consistency, signal } = how;
    return await budget.spend(index > 0n ? "poll" : "read", async (leave) => {
      throwIfAborted(query.endpoint, signal);
      const waitMs = index > 0n ? nextWaitMs() : 0;
      const request = {
        waitMs,
        blocking: waitMs > 0 ? { index: index.toString(), wait: `${waitMs}ms` } : {},
        consistency: product.consistencies.includes(consistency) ? consistency : "default",
      } as const;
      const leaveIfAbandoned = (): void => {
        if (signal.reason === ABANDONED) leave();
      };
      signal.addEventListener("abort", leaveIfAbandoned, { once: true });
      try {
        return await whileCounted(() =>
          withToken(readToken, signal, (token) => ask(query, token, { ...request, signal })),
        );
      } catch (error) {
        throw await namedShortage(error, query.endpoint);
      } finally {
        signal.removeEventListener("abort", leaveIfAbandoned);
        // This request's own connection is at rest by now.
        if (budget.shortage !== undefined) connections.keepAtRest(Math.max(0, budget.allowed + 1 - budget.inUse));
      }
    });
  }

  /** Where polls take turns they are short, and while connections are few, none is given away for long. */
  function nextWaitMs(): number {
    const waitMs = longWaitMs(options.waitMs, budget.inUse, Math.random(), options.ageMs?.() ?? Infinity);
    if (budget.isCrowded) return Math.min(waitMs, TURN_MS);
    return budget.shortage === undefined ? waitMs : Math.min(waitMs, SHORTAGE_WAIT_MS);
  }

  async function whileCounted<T>(send: () => Promise<T>): Promise<T> {
    const request = { sentAtMs: performance.now() };
    inFlight.add(request);
    try {
      const answer = await send();
      answers += 1;
      return answer;
    } finally {
      inFlight.delete(request);
    }
  }

  /** A refusal while another request is answered, or held since before, is a shortage; what was thrown, where it is not. */
  async function namedShortage(error: unknown, endpoint: string): Promise<unknown> {
    if (!(error instanceof CatalogError) || !error.isRefusal) return error;
    const failedAtMs = performance.now();
    const answersBefore = answers;
    await sleep(LOOK_AROUND_MS);
    const isAnother = [...inFlight].some(({ sentAtMs }) => sentAtMs < failedAtMs);
    // Once it is known that connections are short, the last one may be closing when the next is opened.
    if (budget.shortage === undefined && answers === answersBefore && !isAnother) return error;
    budget.refused();
    const message = `${endpoint}: ${product.name} refuses further connections from this address, and answers others (limits.http_max_conns_per_client); ${budget.allowed} of ${budget.size} are used for now`;
    return new CatalogError("E_CATALOG_BUSY", message, undefined, { isRefusal: true, isShortage: true });
  }

  async function ask<T>(
    query: CatalogQuery<T>,
    token: string,
    {
      waitMs,
      signal,
      ...request
    }: Omit<CatalogRequest, "get" | "post"> & Pick<CatalogRead, "signal"> & { readonly waitMs: number },
  ): Promise<BlockingAnswer<T>> {
    options.requested(query.endpoint);
    const sentAtMs = performance.now();
    const headers = {
      accept: "application/json",
      "accept-encoding": query.isLarge === true ? "gzip" : "identity",
      ...(token === "" ? {} : { [`${headerPrefix}-token`]: token }),
    };
    try {
      const isLeftToItsEnd = waitMs > 0 && connections.requestsPerConnection === 1;
      const answer = await (isLeftToItsEnd ? withDeadlineOrLeft : withDeadline)(
        deadlineMs(waitMs),
        signal,
        (ending) => {
          const sent = { headers, maxBytes: options.maxAnswerBytes, signal: ending };
          return query.ask({
            ...request,
            get: (path) => connections.send({ ...sent, path }),
            post: (path, body) => connections.send({ ...sent, ...asJson(body, headers), path }),
          });
        },
      );
      const { status, header, text } = answer;
      if (status < 200 || status > 299) {
        const meant = query.refused?.(status, text);
        if (meant !== undefined) return { index: undefined, value: meant };
        throw explained(statusError(status, text, header("retry-after"), product, answer.isNewConnection), token);
      }
      requireJson(header("content-type"), product);
      const facts = answerFacts(answer, headerPrefix);
      refuseStale(facts, { maxStaleMs: options.maxStaleMs, consistency: request.consistency, product });
      const found = header(`${headerPrefix}-index`);
      if (found === "0" && product.indexZero !== undefined) {
        throw new CatalogError("E_CATALOG_DENIED", `${product.indexZero}; ${product.rights}`);
      }
      if (query.isLarge === true) await decodeTurns.next();
      const value = query.decode(JSON.parse(text));
      options.answered(facts);
      return { index: found === undefined ? undefined : hideToken(found, token), value };
    } catch (error) {
      if (signal.aborted) throw new CatalogError("E_CATALOG_ABORTED", `${query.endpoint}: stopped`);
      // A connection that held a poll is lost in the same way when the catalog ends.
      const isOld = performance.now() - sentAtMs > REFUSED_WITHIN_MS && systemCode(error) === CLOSED_UNANSWERED;
      throw toCatalogError(isOld ? failure("ECONNRESET") : error, query.endpoint, token);
    }
  }

  /** What is known of the token that was refused. */
  function explained(error: CatalogError, token: string): CatalogError {
    if (error.catalogCode !== "E_CATALOG_DENIED" && error.catalogCode !== "E_CATALOG_STATUS") return error;
    if (token === "" && error.catalogCode === "E_CATALOG_DENIED") {
      return error.reworded(`${error.message}; no token was sent: give one by ${product.giveToken}`);
    }
    const flaw = jwtFlaw(token, Date.now());
    return flaw === undefined ? error : error.reworded(`${error.message}; ${flaw}`);
  }

  return { read, close: () => connections.close() };
}

function throwIfAborted(endpoint: string, signal: AbortSignal): void {
  if (signal.aborted) throw new CatalogError("E_CATALOG_ABORTED", `${endpoint}: stopped`);
}

function asJson(body: unknown, headers: HttpRequest["headers"]): Pick<HttpRequest, "method" | "body" | "headers"> {
  return { method: "POST", body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } };
}

/** Reading from the leader instead would load it the more the worse it stands; what was read before is kept. */
function refuseStale(
  { ageMs = 0 }: AnswerFacts,
  {
    maxStaleMs,
    consistency,
    product,
  }: {
    readonly maxStaleMs: number;
    readonly consistency: CatalogRead["consistency"];
    readonly product: Product;
  },
): void {
  if (consistency !== "stale" || ageMs <= maxStaleMs) return;
  const allowed = `no more than ${Math.round(maxStaleMs / 1_000)} s (${product.section}.maxStale) are accepted`;
  const found =
    ageMs === Infinity
      ? `the server that answers has had no leader since it started, so that the age of its answer is unknown, and ${allowed}`
      : `the answer is ${Math.round(ageMs / 1_000)} s old, and ${allowed}; the server that answers has lost its leader`;
  throw new CatalogError("E_CATALOG_STALE", `${found}; ${product.showServers} shows the servers`);
}
