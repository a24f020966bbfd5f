import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../fixtures/traefik");

interface RecordedAnswer {
  readonly status: number;
  readonly next?: string;
  readonly text: string;
}

const RECORDED: Readonly<Record<string, RecordedAnswer>> = JSON.parse(readFileSync(join(FOLDER, "api.json"), "utf8"));
const DUMP = readFileSync(join(FOLDER, "support-dump.tar.gz"));

/** What a test makes the API answer in place of what was recorded; nothing: as recorded. */
export type Instead = (path: string, request: IncomingMessage) => Partial<FakeAnswer> | undefined;

interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** The connection ends without the rest of the body. */
  readonly isCut: boolean;
  /** It never comes to its end. */
  readonly isHeld: boolean;
}

/** The API of a Traefik as it was recorded, on a loopback port or a unix socket. */
export interface RecordedTraefikApi {
  readonly url: string;
  /** The paths that were asked for, with their queries. */
  readonly asked: readonly string[];
  instead(answer: Instead | undefined): void;
  close(): Promise<void>;
}

export async function startRecordedTraefikApi(socketPath?: string): Promise<RecordedTraefikApi> {
  const asked: string[] = [];
  let instead: Instead | undefined;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const {
      status = 200,
      headers = {},
      body = "",
      isCut = false,
      isHeld = false,
    } = instead?.(path, request) ?? recorded(path);
    if (isHeld && body === "") return;
    response.writeHead(status, headers);
    if (isHeld) {
      response.write(body);
      return;
    }
    if (!isCut) response.end(body);
    else response.write(body, () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    if (socketPath === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(socketPath, resolve);
  });
  return {
    url:
      socketPath === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix://${socketPath}`,
    asked,
    instead(answer) {
      instead = answer;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function recorded(path: string): Partial<FakeAnswer> {
  if (path === "/api/support-dump") return { headers: { "content-type": "application/gzip" }, body: DUMP };
  const answer = RECORDED[path];
  if (answer === undefined) return { status: 404, body: `{"message":"not recorded: ${path}"}` };
  const { status, next, text } = answer;
  return {
    status,
    headers: { "content-type": "application/json", ...(next === undefined ? {} : { "x-next-page": next }) },
    body: text,
  };
}
