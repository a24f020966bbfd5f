import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** So many different ports that nobody on the loopback interface listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  // All are held before the first is released: the system would hand out the same one twice.
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
