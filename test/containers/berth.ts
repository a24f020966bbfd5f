import { Network, type StartedNetwork, type StartedTestContainer } from "testcontainers";
import { freePorts } from "../support/free-port.ts";

/** Whether containers use this machine's network, as where the engine has no bridge (`offline` beside this file). */
export const ON_HOST_NETWORK = process.env["TEST_CONTAINERS_NETWORK"] === "host";

/** Where a container listens: on a network of containers on a port of its own choice, or on this machine's loopback on a free one. */
export interface Berth {
  readonly name: string;
  /** The address that it is told to listen on. */
  readonly listensOn: string;
  readonly port: number;
  /** Where other containers find it, without the port. */
  readonly host: string;
  /** Where this process finds it; on a bridge the port may be another one after each start. */
  url(container: StartedTestContainer): string;
}

/** @param port The one that it has on a network of containers. */
export async function berth(name: string, port: number): Promise<Berth> {
  if (!ON_HOST_NETWORK) {
    const url = (container: StartedTestContainer) => `http://${container.getHost()}:${container.getMappedPort(port)}`;
    return { name, listensOn: "0.0.0.0", port, host: name, url };
  }
  const [free = 0] = await freePorts(1);
  // A port of the dynamic range is one that the test cares about.
  const own = port >= 20_000 && port <= 32_000 ? port : free;
  return { name, listensOn: "127.0.0.1", port: own, host: "127.0.0.1", url: () => `http://127.0.0.1:${own}` };
}

/** A network for containers that find each other by name; none on the host's. */
export async function openNetwork(): Promise<StartedNetwork | undefined> {
  return ON_HOST_NETWORK ? undefined : await new Network().start();
}
