import { type FileHandle, open } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { createDeferred } from "../deferred.ts";
import { systemCode } from "./output-error.ts";

/** Somebody who has the lock and lives. */
export interface LivingOwner {
  /** As it calls itself. */
  readonly name: string;
  /** Resolves when the connection to it ends, as it does with its life. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** The owner's end: says who it is to whoever connects, and keeps the connection, whose end is the owner's. */
export interface Greeter {
  /** Throws what the system says. */
  listen(path: string): Promise<void>;
  close(): void;
}

export function createGreeter(self: string): Greeter {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    socket.write(`${self}\n`);
  });
  server.maxConnections = 64;
  return {
    listen(path) {
      return new Promise((resolve, reject) => {
        server.once("error", reject);
        // Writable for all, because connecting needs that: a portolan of another user must see that we live.
        server.unref().listen({ path, readableAll: true, writableAll: true }, resolve);
      });
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A stopped process takes connections, since the system does that for it, and says nothing. */
const GREETING_MS = 500;

/** Connects to the socket of a lock; undefined where nobody listens any more. Throws what the system says else. */
export async function reachOwner(path: string): Promise<LivingOwner | undefined> {
  const ended = createDeferred();
  const greeted = createDeferred<string>();
  const connected = createDeferred();
  try {
    const socket = await openShortly(path, async (short) => {
      const opening = connect({ path: short });
      opening.unref();
      opening.once("connect", () => connected.resolve());
      opening.once("error", (error) => connected.reject(error));
      opening.once("close", () => ended.resolve());
      opening.setEncoding("utf8").once("data", (text: string) => greeted.resolve(text.split("\n", 1)[0] ?? ""));
      await connected.promise;
      return opening;
    });
    const timer = setTimeout(() => greeted.resolve("which does not say who it is"), GREETING_MS);
    const name = await greeted.promise;
    clearTimeout(timer);
    return { name, ended: ended.promise, leave: () => socket.destroy() };
  } catch (error) {
    const code = systemCode(error);
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    // Another user's, or one with a full queue of connections: it is there.
    if (code !== "EACCES" && code !== "EAGAIN") throw error;
    return { name: `which cannot be asked (${code})`, ended: createDeferred().promise, leave: () => {} };
  }
}

/**
 * Hands over a path to the same file that a socket's address has room for: it ends after 107 bytes, and directories of
 * allocations are longer. Linux knows every open directory by a short name; elsewhere the path has to be short enough.
 */
export async function openShortly<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  let directory: FileHandle | undefined;
  if (process.platform === "linux") directory = await open(dirname(path), "r");
  try {
    return await use(directory === undefined ? path : `/proc/self/fd/${directory.fd}/${basename(path)}`);
  } finally {
    await directory?.close();
  }
}
