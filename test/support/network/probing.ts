import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";

/** One try to reach a port; for UDP `to` may be a broadcast address. */
export interface Probe {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** A firewall that drops gives no answer at all: after this time a port counts as closed. */
const PATIENCE_MS = 2_500;
const UDP_EVERY_MS = 250;

const probes = JSON.parse(process.argv[2] ?? "") as readonly Probe[];
console.log("ready");
const reached = await Promise.all(probes.map((probe) => (probe.protocol === "tcp" ? overTcp(probe) : overUdp(probe))));
console.log(JSON.stringify(Object.fromEntries(probes.map(({ name }, i) => [name, reached[i] ? "open" : "closed"]))));
process.exit();

function overTcp({ from, to, port }: Probe): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, localAddress: from });
    const end = (isReached: boolean) => {
      socket.destroy();
      resolve(isReached);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.on("error", () => end(false));
    socket.on("data", () => end(true));
  });
}

function overUdp({ from, to, port }: Probe): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(to) ? "udp6" : "udp4");
    const again = setInterval(() => socket.send("hello", port, to), UDP_EVERY_MS);
    const end = (isReached: boolean) => {
      clearInterval(again);
      clearTimeout(patience);
      socket.close();
      resolve(isReached);
    };
    const patience = setTimeout(() => end(false), PATIENCE_MS);
    socket.on("message", () => end(true));
    // Refused by the host itself: the packet has got through, and no process listens.
    socket.on("error", () => end(false));
    socket.bind(0, from, () => {
      if (!isIPv6(to)) socket.setBroadcast(true);
      socket.send("hello", port, to);
    });
  });
}
