import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** A server on many ports of all addresses, which greets each client and sends back what it is sent. */
const { tcp, udp } = JSON.parse(process.argv[2] ?? "") as { tcp: readonly number[]; udp: readonly number[] };

for (const port of tcp) {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write("hello\n");
    socket.pipe(socket);
  });
  server.listen(port, "::");
  await once(server, "listening");
}
for (const port of udp) {
  // One for each family: an answer of a socket for both would come from an address in the form of the other.
  for (const [type, address] of [
    ["udp4", "0.0.0.0"],
    ["udp6", "::"],
  ] as const) {
    const socket = createSocket({ type, ipv6Only: type === "udp6" });
    socket.on("message", (_, { port: to, address: client }) => socket.send("hello", to, client));
    socket.bind(port, address);
    await once(socket, "listening");
  }
}
console.log("ready");
process.stdin.resume().on("end", () => process.exit());
