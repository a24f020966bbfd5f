import { createDeferred } from "../../base/deferred.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { hideToken } from "../http/error-boundary.ts";

/**
 * Gives the ACL token for the next request; the empty string means the anonymous token. Named a token that the catalog
 * has refused, it looks for another one first, and gives the same again where there is none. Rejects with a CatalogError
 * where there is no token at all yet, since the login failed.
 */
export type TokenReader = (refused?: string) => string | Promise<string>;

/**
 * Runs a request with the token that is in use; where the catalog refuses that one, at once again if there is another by
 * now. Rejects with the request's error, or with that of the login that should have brought a token.
 */
export async function withToken<T>(
  readToken: TokenReader,
  signal: AbortSignal,
  request: (token: string) => Promise<T>,
): Promise<T> {
  const token = await unlessAborted(readToken(), signal);
  try {
    return await request(token);
  } catch (error) {
    if (!(error instanceof CatalogError) || error.catalogCode !== "E_CATALOG_DENIED") throw error;
    const other = await unlessAborted(readToken(token), signal);
    if (other === token) throw error;
    return await request(other).catch((thrown: unknown) => {
      throw thrown instanceof CatalogError ? withoutToken(thrown, token) : thrown;
    });
  }
}

/** Whoever echoes the token in an error may echo the one before. */
function withoutToken({ catalogCode, message, retryAfterMs }: CatalogError, token: string): CatalogError {
  return new CatalogError(catalogCode, hideToken(message, token), retryAfterMs);
}

/** A login belongs to many requests; each of them may be given up alone. */
async function unlessAborted(given: string | Promise<string>, signal: AbortSignal): Promise<string> {
  if (typeof given === "string") return given;
  const stopped = createDeferred<never>();
  const stop = (): void => stopped.reject(new CatalogError("E_CATALOG_ABORTED", "stopped"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([given, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
