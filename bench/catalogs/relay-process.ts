import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tellState } from "./worker.ts";

export interface RelayState {
  readonly port: number;
  /** Bytes that came from the target, on connections open and closed: with TLS, as they are on the wire. */
  readonly receivedBytes: number;
  /** The most connections that were open at the same time. */
  readonly mostConnections: number;
}

const { targetPort } = JSON.parse(process.argv[2] ?? "") as { readonly targetPort: number };
const upstreams = new Set<Socket>();
let closedBytes = 0;
let mostConnections = 0;

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
  upstreams.add(upstream);
  mostConnections = Math.max(mostConnections, upstreams.size);
  client.pipe(upstream).pipe(client);
  // One side's failure is the other's end: what waits must learn of it as it would without a relay.
  client.on("error", () => upstream.destroy()).once("close", () => upstream.destroy());
  upstream.on("error", () => client.destroy());
  upstream.once("close", () => {
    closedBytes += upstream.bytesRead;
    upstreams.delete(upstream);
    client.end();
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

function state(): RelayState {
  const openBytes = [...upstreams].reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  return { port, receivedBytes: closedBytes + openBytes, mostConnections };
}
tellState(state);
