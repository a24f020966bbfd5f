import { unlessAborted } from "../../base/unless-aborted.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { hideToken } from "./hide-token.ts";

/**
 * Gives the ACL token for the next request; the empty string means the anonymous token. Given a token that the catalog
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
  const token = await awaitToken(readToken(), signal);
  try {
    return await request(token);
  } catch (error) {
    if (!(error instanceof CatalogError) || error.catalogCode !== "E_CATALOG_DENIED") throw error;
    const other = await awaitToken(readToken(token), signal);
    if (other === token) throw error;
    return await request(other).catch((thrown: unknown) => {
      throw thrown instanceof CatalogError ? withoutToken(thrown, token) : thrown;
    });
  }
}

/** A proxy that echoes a token in an error may echo the one before it, too. */
function withoutToken(error: CatalogError, token: string): CatalogError {
  return error.reworded(hideToken(error.message, token));
}

/** A login belongs to many requests; each of them may be given up alone: then this rejects with E_CATALOG_ABORTED. */
async function awaitToken(given: string | Promise<string>, signal: AbortSignal): Promise<string> {
  if (typeof given === "string") return given;
  try {
    return await unlessAborted(given, signal);
  } catch (error) {
    throw signal.aborted ? new CatalogError("E_CATALOG_ABORTED", "stopped") : error;
  }
}
