import { unlessAborted } from "../../base/unless-aborted.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";
import { withToken } from "../credentials/token.ts";
import type { CatalogConnection } from "./catalog-http.ts";
import { requireJson } from "./decode-answer.ts";
import { statusError, toCatalogError } from "./error-boundary.ts";
import { createLineSplitter } from "./split-lines.ts";

/** So much of the text of an error is read. */
const ERROR_BYTES = 4_096;

/** What is asked for as lines without an end. */
export interface LinesQuery {
  /** The path without names, for reports. */
  readonly endpoint: string;
  /** Below `/v1`, with parameters. */
  readonly path: string;
  /** Of a longer line nothing is kept. */
  readonly mostLineBytes: number;
}

export interface LinesListener {
  /** Status 200 has come, and no line yet; the token that was asked with. */
  opened(token: string): void;
  /** Undefined: a line that was too long. */
  line(text: string | undefined): void;
}

/**
 * Follows an answer of lines until it ends, as a long poll of the connection's budget. Nothing here looks at the time: the
 * caller aborts the signal where it takes too long. Rejects with a CatalogError only.
 */
export async function followLines(
  { connections, readToken, budget, requested }: CatalogConnection,
  product: Product,
  query: LinesQuery,
  listener: LinesListener,
  signal: AbortSignal,
): Promise<void> {
  async function ask(token: string): Promise<void> {
    requested(query.endpoint);
    try {
      const { status, header, parts } = await connections.stream({
        path: query.path,
        headers: {
          accept: "application/json",
          "accept-encoding": "identity",
          ...(token === "" ? {} : { [`${product.headerPrefix}-token`]: token }),
        },
        signal,
      });
      if (status < 200 || status > 299) {
        throw statusError(status, await beginningOf(parts), header("retry-after"), product);
      }
      requireJson(header("content-type"), product);
      listener.opened(token);
      const splitter = createLineSplitter(query.mostLineBytes);
      for await (const part of parts) for (const line of splitter.take(part)) listener.line(line);
    } catch (error) {
      if (signal.aborted) throw new CatalogError("E_CATALOG_ABORTED", `${query.endpoint}: stopped`);
      throw toCatalogError(error, query.endpoint, token);
    }
  }

  const following = budget.spend("poll", async () => {
    if (!signal.aborted) await withToken(readToken, signal, ask);
  });
  try {
    await unlessAborted(following, signal);
  } catch (error) {
    throw signal.aborted ? new CatalogError("E_CATALOG_ABORTED", `${query.endpoint}: stopped`) : error;
  }
}

async function beginningOf(parts: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const part of parts) {
    text += part.toString("utf8");
    if (text.length > ERROR_BYTES) break;
  }
  return text.slice(0, ERROR_BYTES);
}
