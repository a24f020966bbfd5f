import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createDeferred } from "../../base/deferred.ts";
import { withSocketPath } from "../../base/socket-path.ts";
import { systemCode } from "../../base/system-code.ts";

/** Another living process that has the lock, or claims it. */
export interface Contender {
  /** Its own description, such as "pid 4711 on edge-1". */
  readonly name: string;
  readonly isHolder: boolean;
  /** Resolves when the connection to it ends, which its death also causes. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** This process's end: says who it is to every process that connects, and keeps the connection open as long as it lives. */
export interface Greeter {
  /** Throws the system's error. */
  listen(path: string): Promise<void>;
  close(): void;
}

const HOLDER = "holder ";
const CLAIMANT = "claimant ";

/** Many more than portolans that stand by. Any user may connect, and must not use up the files that the catalog's connections need. */
const MAX_CONNECTIONS = 64;

/** `isHolder` is asked anew for each connection. */
export function createGreeter(self: string, isHolder: () => boolean): Greeter {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    socket.write(`${isHolder() ? HOLDER : CLAIMANT}${self}\n`);
  });
  server.maxConnections = MAX_CONNECTIONS;
  return {
    listen(path) {
      return withSocketPath(path, (short) => {
        const listening = createDeferred();
        server.once("error", (error) => listening.reject(error));
        // Writable for all, because connecting needs that: a portolan of another user must see that this one lives.
        server.unref().listen({ path: short, readableAll: true, writableAll: true }, () => listening.resolve());
        return listening.promise;
      });
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** How long to wait for a greeting: a stopped process takes connections, since the system does that for it, and says nothing. */
const GREETING_MS = 500;
const MOST_OF_GREETING = 200;
const TRIES = 5;
const TRY_AGAIN_MS = 20;

/**
 * Asks a socket which process is behind it; undefined where none listens any more. Only a refused connection shows that: one
 * that ends without a greeting may have been to a process that is just ending, or to one that is not, and is tried again.
 */
export async function reachContender(path: string): Promise<Contender | undefined> {
  let why = "";
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await sleep(TRY_AGAIN_MS);
    try {
      const contender = await greet(path);
      if (contender !== undefined) return contender;
      why = "no answer";
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
      why = code;
    }
  }
  const never = createDeferred().promise;
  return { name: `which cannot be asked (${why})`, isHolder: true, ended: never, leave: () => {} };
}

/** Undefined where the connection ended without a greeting. Throws the system's error. */
async function greet(path: string): Promise<Contender | undefined> {
  const ended = createDeferred();
  const greeting = createDeferred<string | undefined>();
  const socket = await withSocketPath(path, async (short) => {
    const connected = createDeferred();
    const opening = connect({ path: short }, () => connected.resolve()).unref();
    opening.once("error", (error) => connected.reject(error));
    opening.once("close", () => {
      greeting.resolve(undefined);
      ended.resolve();
    });
    opening.setEncoding("utf8").once("data", (text: string) => greeting.resolve(text.split("\n", 1)[0]));
    await connected.promise;
    return opening;
  });
  const timer = setTimeout(() => greeting.resolve(`${HOLDER}which does not say who it is`), GREETING_MS);
  const text = await greeting.promise;
  clearTimeout(timer);
  if (text === undefined) return undefined;
  const isHolder = !text.startsWith(CLAIMANT);
  const name = text.slice((isHolder ? HOLDER : CLAIMANT).length, MOST_OF_GREETING);
  return { name, isHolder, ended: ended.promise, leave: () => socket.destroy() };
}
