import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the ports that the system gives to outgoing connections: one of those may take a port before a server does. */
const FIRST = 10_000;
const LAST = 19_999;

/** Each is given once by this process, so that servers that start at the same time do not meet. */
let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** So many different ports that nobody on the loopback interface listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count && tries <= LAST - FIRST; tries += 1) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports between ${FIRST} and ${LAST}`);
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server: Server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  await once(server.close(), "close");
  return true;
}
