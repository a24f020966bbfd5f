import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the ports that the system gives to outgoing connections: one of those may take a port before a server does. */
const FIRST = 10_000;
const LAST = 19_999;

/** Test files that run side by side use different ranges, so that no server takes a port that another file reserved. */
const PLACES = 10;
const PER_PLACE = (LAST - FIRST + 1) / PLACES;
const first = FIRST + (Number(process.env["VITEST_POOL_ID"] ?? 0) % PLACES) * PER_PLACE;

/** Each port is given once by this process, so that servers that start at the same time do not collide. */
let next = first + Math.floor(Math.random() * PER_PLACE);

/** `count` different ports on which no process listens on the loopback interface. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count && tries < PER_PLACE; tries += 1) {
    const port = next;
    next = port + 1 === first + PER_PLACE ? first : port + 1;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports from ${first} on`);
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
