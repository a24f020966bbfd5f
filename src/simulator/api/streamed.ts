import { createGzip } from "node:zlib";
import { acceptsGzip } from "./accepts-gzip.ts";
import type { CatalogResponse } from "./listener.ts";

/** The beginning of a stream: what is known before anything happens. */
export interface StreamHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent at once. One that has none is silent, and its headers are sent alone. */
  readonly body: string;
}

/** Sends a stream until it is over, each piece at once, compressed for a client that accepts it. */
export async function sendStream(
  response: CatalogResponse,
  { status, headers, body }: StreamHead,
  follow: (write: (text: string) => void) => Promise<void>,
): Promise<void> {
  const isCompressed = body !== "" && acceptsGzip(response.req);
  response.writeHead(status, {
    ...headers,
    Vary: "Accept-Encoding",
    ...(isCompressed ? { "Content-Encoding": "gzip" } : {}),
  });
  const { write, end } = isCompressed ? zippedInto(response) : plainInto(response);
  // Sends the headers of a silent stream, too.
  write(body);
  await follow(write);
  end();
}

interface Pieces {
  write(text: string): void;
  end(): void;
}

function plainInto(response: CatalogResponse): Pieces {
  return { write: (text) => void response.write(text), end: () => void response.end() };
}

function zippedInto(response: CatalogResponse): Pieces {
  const zipper = createGzip();
  zipper.on("data", (bytes: Buffer) => response.write(bytes));
  zipper.once("end", () => response.end());
  return {
    write(text) {
      zipper.write(text);
      zipper.flush();
    },
    end: () => void zipper.end(),
  };
}
