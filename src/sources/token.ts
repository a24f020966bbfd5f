import { readFileSync } from "node:fs";

/** Gives the ACL token for the next request; the empty string means the anonymous token. */
export type TokenReader = () => string;

/**
 * A token from a file is read for every request: long polls make few of them, and a rotated token then counts at once.
 * While the file cannot be read the last token stays in use, at first the one given directly; the catalog's 403 tells
 * when that is not enough.
 */
export function createTokenReader({
  token = "",
  tokenFile,
}: {
  readonly token?: string;
  readonly tokenFile?: string;
}): TokenReader {
  if (tokenFile === undefined) return () => token;
  let last = token;
  return () => {
    last = readToken(tokenFile) ?? last;
    return last;
  };
}

/** The token in a file, or nothing where the file cannot be read. */
export function readToken(tokenFile: string): string | undefined {
  try {
    return readFileSync(tokenFile, "utf8").trim();
  } catch {
    return undefined;
  }
}
