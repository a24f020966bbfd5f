import { EventEmitter } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import { Readable } from "node:stream";
import { ANSWER_CUT, CONNECTION_LOST, failure } from "../failure.ts";

/** What axios asks a transport to send; it names more, which concerns HTTP/1.1. */
interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
}

/** What axios reads of an answer. */
type Incoming = Readable & { readonly statusCode: number; readonly headers: IncomingHttpHeaders };

/** A connection by HTTP/2 in the shape of `node:http`, in which axios takes it as the `transport` of a request. */
export interface Http2Transport {
  request(outgoing: Outgoing, respond: (incoming: Incoming) => void): Http2Request;
}

/**
 * Sends requests by a connection that is shared. Axios's own HTTP/2 is not used: it has one connection only, leaves
 * requests without an end when that is lost before their answers, and takes a body that was cut as whole.
 */
export function createHttp2Transport(session: ClientHttp2Session): Http2Transport {
  return { request: (outgoing, respond) => new Http2Request(session, outgoing, respond) };
}

/** One request, with as much of `http.ClientRequest` as axios uses. It ends by its answer or by one `error`. */
export class Http2Request extends EventEmitter {
  readonly #stream: ClientHttp2Stream;

  constructor(session: ClientHttp2Session, { method, path, headers }: Outgoing, respond: (incoming: Incoming) => void) {
    super();
    const head = { ":method": method, ":path": path, ...headers };
    this.#stream = session.request(head, { endStream: method === "GET" });
    this.#follow(this.#stream, respond);
  }

  get destroyed(): boolean {
    return this.#stream.destroyed;
  }

  write(data: Buffer): void {
    this.#stream.write(data);
  }

  end(): void {
    this.#stream.end();
  }

  /** Gives the request up, with the code that says so to the server. */
  destroy(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  /** Axios asks for no limit; deadlines are ours. */
  setTimeout(): void {}

  #follow(stream: ClientHttp2Stream, respond: (incoming: Incoming) => void): void {
    let isSettled = false;
    const fail = (error: Error): void => {
      isSettled = true;
      this.emit("error", error);
    };
    stream.once("response", (found: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
      // Lost in the same moment: `close` reports it below. Axios would leave such a request without an end.
      if (stream.destroyed) return;
      isSettled = true;
      const { ":status": statusCode = 0, ...headers } = found;
      respond(Object.assign(wholeBody(stream), { statusCode, headers }));
    });
    stream.on("error", (error) => {
      if (!isSettled) fail(error);
    });
    stream.once("close", () => {
      if (!isSettled) fail(failure(CONNECTION_LOST));
      this.emit("close");
    });
  }
}

/** The body, which ends only when all of it has come: Node lets that of a lost connection end as if it were whole. */
function wholeBody(stream: ClientHttp2Stream): Readable {
  const body = new Readable({ read: () => void stream.resume() });
  stream.on("data", (part: Buffer) => {
    if (!body.push(part)) stream.pause();
  });
  stream.once("close", () => {
    if (stream.readableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR) body.push(null);
    else body.destroy(failure(ANSWER_CUT));
  });
  return body;
}
