import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A server on loopback that notes all that it is told. */
export interface Listener {
  readonly port: number;
  /** What came, one text for each connection that was opened, also for one that has sent nothing. */
  heard(): readonly string[];
  close(): Promise<void>;
}

export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

/** An answer that leads to this URL; the method stays what it was. */
export function redirectTo(url: string): string {
  return `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
}

/** What a server says to a piece of what it is told. */
export type Talk = (said: string) => string;

/** One server of a Redis cluster whose keys, it says, are all at this port. Redis knows each command by a line `*N`. */
export function redisClusterAt(port: number): Talk {
  const slots = `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`;
  return (said) =>
    said
      .split(/^\*\d+\r\n/m)
      .slice(1)
      .map((command) => (/slots/i.test(command) ? slots : "-ERR unknown command\r\n"))
      .join("");
}

/** The ports that portolan may route to by default, above those of a stage's backends; and some below the window. */
const RANGES = { dynamic: [30_500, 31_999], planned: [9_000, 9_999] } as const;
const MOST_OF_TEXT = 4_096;

/**
 * Answers as it is told to: a text ends each request over HTTP, whatever it asks. It keeps no process running.
 *
 * @param where whether its port is one that may be routed
 */
export async function startListener(where: keyof typeof RANGES, answer: string | Talk = OK): Promise<Listener> {
  const heard: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const at = heard.push("") - 1;
    open.add(socket.unref());
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const said = data.toString("latin1");
      heard[at] = ((heard[at] ?? "") + said).slice(0, MOST_OF_TEXT);
      if (typeof answer === "function") socket.write(answer(said));
      else if (heard[at]?.includes("\r\n\r\n") === true) socket.end(answer);
    });
  });
  const [first, last] = RANGES[where];
  const from = first + Math.floor(Math.random() * (last - first));
  for (let port = from; port <= last; port += 1) {
    try {
      await once(server.listen(port, "127.0.0.1").unref(), "listening");
    } catch {
      continue; // Another process listens there; the next one.
    }
    return {
      port,
      heard: () => [...heard],
      async close() {
        for (const socket of open) socket.destroy();
        await once(server.close(), "close");
      },
    };
  }
  throw new Error(`no free port from ${from} to ${last}`);
}
