import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** A connection that stays: each line of standard input is sent, and what comes back is printed. */
const { from, to, port } = JSON.parse(process.argv[2] ?? "") as { from: string; to: string; port: number };

const socket = connect({ host: to, port, localAddress: from });
const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
await lines.next();
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  socket.write(`${line}\n`);
  console.log(String((await lines.next()).value));
}
socket.destroy();
await once(socket, "close");
