/** One request; a GET unless it says otherwise. */
export interface HttpRequest {
  readonly method?: "GET" | "POST";
  /** Below the endpoint's base, with its query: `/catalog/services?stale=1`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A larger answer is not accepted, packed or unpacked. */
  readonly maxBytes: number;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** What came, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  readonly text: string;
  /** The connection was opened for this request, over HTTP/1.1. */
  readonly isNewConnection?: boolean;
}

/** An answer whose body is read as it comes, for as long as it lasts. */
export interface HttpStream {
  readonly status: number;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  /** Ends with the body; rejects as `send` does where the body ends before its time or the request is given up. */
  readonly parts: AsyncIterable<Buffer>;
}

/** The connections to one server; they are opened as requests need them. */
export interface HttpConnections {
  /** Rejects with what the network said, or with one of the marks of `failure.ts`. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The same for an answer without an end. Its length is not bounded here: what is kept of it is the caller's matter. */
  stream(request: Omit<HttpRequest, "maxBytes">): Promise<HttpStream>;
  /** How many requests a connection carries at a time, as far as that is known yet. */
  readonly requestsPerConnection: number;
  /** Closes those connections at rest that are more than so many. */
  keepAtRest(most: number): void;
  close(): void;
}
