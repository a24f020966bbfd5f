import { once } from "node:events";
import { createServer } from "node:http";

/** The program of every job in a scenario: answers with its text, and at `/health` with a status that can be set. */
export interface Task {
  readonly port: number;
  listen(): Promise<void>;
  /** Breaks what is open, as a process does that ends. */
  close(): Promise<void>;
}

/** The dynamic ports of Nomad's clients, but for their ends, which tests use for other things. */
const FIRST_PORT = 25_000;
const PORTS = 3_000;
let next = Math.floor(Math.random() * PORTS);

/** A task that does not listen yet, on a port of its own. */
export async function createTask(answer: string, health: number): Promise<Task> {
  const port = await freePort();
  let status = health;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://task.invalid");
    if (request.method === "PUT") status = Number(searchParams.get("be"));
    response.writeHead(pathname === "/health" && request.method === "GET" ? status : 200, { Connection: "close" });
    response.end(answer);
  });
  return {
    port,
    async listen() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries += 1) {
    next = (next + 1) % PORTS;
    const port = FIRST_PORT + next;
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
  throw new Error(`no free port from ${FIRST_PORT} on`);
}

/** The same program as source text, for a real Nomad's raw_exec: its settings are in its environment. */
export const TASK_PROGRAM = `
const { createServer } = require("node:http");
let status = Number(process.env.HEALTH);
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://task.invalid");
  if (request.method === "PUT") status = Number(searchParams.get("be"));
  response.writeHead(pathname === "/health" && request.method === "GET" ? status : 200, { Connection: "close" });
  response.end(process.env.ANSWER);
});
setTimeout(() => server.listen(Number(process.env.NOMAD_PORT_http), "127.0.0.1"), Number(process.env.START_MS));
`;
