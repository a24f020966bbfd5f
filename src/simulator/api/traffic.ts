import type { IncomingHttpHeaders } from "node:http";
import type { CatalogRequest } from "./listener.ts";
import { matchesPath, type PathPattern } from "./path-pattern.ts";

/** What the server was asked, for tests that assert on numbers of requests or on what reached the wire. */
export interface Requests {
  /** How many requests have come for the paths since the start or the last reset, those under a fault included. */
  count(pattern?: PathPattern): number;
  /** The last of them. */
  last(pattern?: PathPattern): RequestSeen | undefined;
  reset(): void;
}

export interface RequestSeen {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A count for each path, and the means to add to it. */
export function createRequestLog(): Requests & { add(path: string, request: CatalogRequest): void } {
  const seen = new Map<string, { count: number; last: RequestSeen }>();

  function matching(pattern: PathPattern): { count: number; last: RequestSeen }[] {
    return [...seen].filter(([path]) => matchesPath(pattern, path)).map(([, entry]) => entry);
  }

  return {
    count: (pattern = "*") => matching(pattern).reduce((sum, entry) => sum + entry.count, 0),
    last: (pattern = "*") => matching(pattern).at(-1)?.last,
    reset: () => seen.clear(),
    add(path, request) {
      const count = (seen.get(path)?.count ?? 0) + 1;
      // Deleted first, so that the map's order is that of the last request for each path.
      seen.delete(path);
      seen.set(path, {
        count,
        last: { method: request.method ?? "", url: request.url ?? "", headers: request.headers },
      });
    },
  };
}
