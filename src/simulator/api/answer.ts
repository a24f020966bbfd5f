import { constants, Http2ServerResponse } from "node:http2";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsGzip } from "./accepts-gzip.ts";
import type { CatalogResponse } from "./listener.ts";
import { sendStream } from "./streamed.ts";

/** An answer before it goes to the socket, complete but for what a stream adds. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Writes what follows the body, as it comes. The answer is over when it resolves. Default: nothing follows. */
  readonly follow?: (write: (text: string) => void) => Promise<void>;
}

/** A value as JSON. */
export function jsonAnswer(value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonTextAnswer(JSON.stringify(value), headers);
}

/** What is JSON already. */
export function jsonTextAnswer(body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/json", ...headers }, body };
}

/** Text, as Consul sends its errors. */
export function textAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers }, body };
}

/** An error that Consul's servers, not its HTTP layer, have answered: the index on it is no fact about the cluster. */
export function serverError(status: number, body: string): Answer {
  return textAnswer(status, body, {
    "X-Consul-Index": "1",
    "X-Consul-Knownleader": "false",
    "X-Consul-Lastcontact": "0",
  });
}

/** An answer as it crosses the wire, its length among the headers. */
interface EncodedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly bytes: Buffer;
}

const compress = promisify(gzip);

/** From this length on a compressed body is kept: to compress a large list takes longer than all the rest. */
const KEPT_CHARACTERS = 65_536;
const KEPT_BODIES = 4;

/** The latest large bodies, the one asked last at the end. The same text compressed is the same for every server. */
const kept = new Map<string, Promise<Buffer>>();

function compressed(body: string): Promise<Buffer> {
  if (body.length < KEPT_CHARACTERS) return compress(body);
  const bytes = kept.get(body) ?? compress(body);
  kept.delete(body);
  kept.set(body, bytes);
  for (const oldest of kept.keys()) if (kept.size > KEPT_BODIES) kept.delete(oldest);
  return bytes;
}

/** As the client accepts it: Consul compresses every answer of its API, the shortest and errors among them. */
export async function encode(response: CatalogResponse, { status, headers, body }: Answer): Promise<EncodedAnswer> {
  const isOfApi = status !== 404;
  const isCompressed = isOfApi && acceptsGzip(response.req);
  const bytes = isCompressed ? await compressed(body) : Buffer.from(body);
  return {
    status,
    headers: {
      ...headers,
      ...(isOfApi ? { Vary: "Accept-Encoding" } : {}),
      ...(isCompressed ? { "Content-Encoding": "gzip" } : {}),
      "Content-Length": bytes.length,
    },
    bytes,
  };
}

/** Sends the answer as a whole, with its length; or a stream, piece by piece. */
export async function send(response: CatalogResponse, answer: Answer): Promise<void> {
  if (answer.follow !== undefined) return sendStream(response, answer, answer.follow);
  const { status, headers, bytes } = await encode(response, answer);
  response.writeHead(status, headers);
  response.end(bytes);
}

/** Breaks an answer off in a way that the client sees: the connection ends, or with HTTP/2 the stream. */
export function breakOff(response: CatalogResponse): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}
