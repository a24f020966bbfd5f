import { readFileSync } from "node:fs";

/** Gives the ACL token for the next request; the empty string means the anonymous token. */
export type TokenReader = () => string;

/**
 * A token from a file is read for every request: long polls make few of them, and a rotated token then counts at once.
 * While the file cannot be read the last token stays in use; the catalog's 403 will tell when that is not enough.
 */
export function createTokenReader(origin: { readonly token?: string; readonly tokenFile?: string }): TokenReader {
  const { token = "", tokenFile } = origin;
  if (tokenFile === undefined) return () => token;
  let last = "";
  return () => {
    try {
      last = readFileSync(tokenFile, "utf8").trim();
    } catch {
      return last;
    }
    return last;
  };
}
