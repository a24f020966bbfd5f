import { lstat, mkdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "../base/errors.ts";
import { withSocketPath } from "../base/socket-path.ts";
import type { ControlAction } from "./control-action.ts";
import { controlSocketPath, MAX_BODY_BYTES, PATIENCE_MS } from "./control-socket.ts";
import { senderOf } from "./sender.ts";

export interface ControlServer {
  /** Whether its socket still is what stands under its path: it is lost where the state directory was replaced. */
  isInPlace(): Promise<boolean>;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 4_096;
const MAX_CONNECTIONS = 8;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Takes orders on a socket in the state directory, as JSON over HTTP; the listener on the network takes none. A socket that
 * a killed process left is removed, so only the process that has the state directory to itself may call this. Throws an
 * AppError (E_CONTROL) when the socket cannot be made.
 */
export async function startControlServer(
  stateDir: string,
  actions: readonly ControlAction[],
  patienceMs = PATIENCE_MS,
): Promise<ControlServer> {
  const path = controlSocketPath(stateDir);
  const server = createServer(
    {
      requestTimeout: patienceMs,
      headersTimeout: patienceMs / 2,
      connectionsCheckingInterval: Math.min(1_000, patienceMs / 2),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      respond(request, response, actions).catch(() => response.destroy());
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
    await withSocketPath(path, (short) => listenPrivately(server, short));
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new AppError(
      `stateDir: no control socket can be made at ${path} (${error.code}), so that orders such as release do not arrive; let portolan's user write there, on a file system that knows sockets`,
      { code: "E_CONTROL", retryable: false },
    );
  }
  const made = await socketIdentity(path);
  const isInPlace = async () => made !== undefined && (await socketIdentity(path)) === made;
  return {
    isInPlace,
    async close() {
      // What another process has put there since is that one's.
      const isOurs = await isInPlace();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (isOurs) await rm(path, { force: true });
    },
  };
}

/** Undefined where it cannot be looked at. */
async function socketIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } = await lstat(path, { bigint: true });
    return `${dev} ${ino} ${birthtimeNs}`;
  } catch {
    return undefined;
  }
}

function listenPrivately(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    // A mode set afterwards would let other users in for a moment; the system makes the socket within this call.
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  actions: readonly ControlAction[],
): Promise<void> {
  const { status, body } = await answer(request, actions);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer(request: IncomingMessage, actions: readonly ControlAction[]): Promise<Answer> {
  const wanted = `${request.method} ${request.url}`;
  const action = actions.find(({ route }) => route === wanted);
  if (action === undefined) {
    const known = actions.map(({ route }) => route).join(", ");
    return refusal(404, "E_CONTROL_UNKNOWN", `${wanted} is not served here; known: ${known}`);
  }
  const text = await readBody(request);
  if (text === undefined) return refusal(413, "E_CONTROL_BODY", `more than ${MAX_BODY_BYTES} bytes are not an order`);
  try {
    return {
      status: 200,
      body: await action.run(text === "" ? undefined : JSON.parse(text), senderOf(request.headers)),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return refusal(400, "E_CONTROL_BODY", "the body is not JSON");
    if (error instanceof AppError) return refusal(409, error.code, error.message);
    throw error;
  }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

/** The body as text; undefined where it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
