import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Relay {
  readonly url: string;
  /** Nothing passes any more, in either direction; connections stay open, and new ones are accepted. */
  freeze(): void;
  /** What was sent meanwhile arrives. */
  thaw(): void;
  close(): Promise<void>;
}

/** Passes bytes between clients and an HTTP server: a cable that can be unplugged. */
export async function startRelay(upstream: string): Promise<Relay> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let isFrozen = false;

  function carry(from: Socket, to: Socket): void {
    sockets.add(from);
    if (isFrozen) from.pause();
    from.on("data", (part) => to.write(part));
    from.once("end", () => to.end());
    from.once("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    from.once("error", () => from.destroy());
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const inner = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    carry(client, inner);
    carry(inner, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}
