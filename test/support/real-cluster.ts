import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./await-until.ts";
import { freePorts } from "./free-port.ts";
import type { Tool } from "./real-binaries.ts";
import { onLoopback } from "./real-consul.ts";
import { startServerProcess } from "./server-process.ts";

/** Two servers; tests ask the follower. */
export interface RealCluster {
  /** The follower's. */
  readonly url: string;
  /** Ends the leader for good: one of two is no quorum, so there will be no other. */
  killLeader(): Promise<void>;
  stop(): Promise<void>;
}

/** Two Consul servers on free loopback ports; ready when the follower knows its leader and the leader is registered. */
export async function startRealCluster(tool: Tool): Promise<RealCluster> {
  const ports = await freePorts(8);
  const servers = await Promise.all([0, 1].map((i) => startServer(tool, i, ports)));

  async function stop(): Promise<void> {
    await Promise.all(servers.map((server) => server.stop()));
  }

  try {
    const answer = (path: string) => fetch(servers[0]!.url + path, { headers: { Connection: "close" } });
    const leader = await until(
      async () => {
        const services = await (await answer("/v1/catalog/services")).json();
        return (
          Object.keys(services as object).length > 0 && ((await (await answer("/v1/status/leader")).json()) as string)
        );
      },
      { timeoutMs: 20_000, what: "an election", everyMs: 50 },
    );
    const leads = servers.findIndex(({ rpcAddress }) => rpcAddress === leader);
    return { url: servers[1 - leads]!.url, killLeader: () => servers[leads]!.kill(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer(tool: Tool, i: number, ports: readonly number[]) {
  const own = ports.slice(4 * i, 4 * i + 4);
  const [http, rpc] = own;
  const directory = await mkdtemp(join(tmpdir(), "portolan-consul-"));
  const url = `http://127.0.0.1:${http}`;
  // How long a request waits for an election before it is refused; Consul's default is seconds.
  const performance = 'performance { raft_multiplier = 1 rpc_hold_timeout = "100ms" }';
  const server = await startServerProcess(tool, {
    args: [
      ...["agent", "-server", "-bootstrap-expect=2", `-data-dir=${directory}`],
      ...onLoopback(`server-${i}`, own),
      ...[`-retry-join=127.0.0.1:${ports[2]}`, "-retry-interval=200ms", "-hcl", performance],
    ],
    directories: [directory],
    isReady: async () => (await fetch(`${url}/v1/status/leader`, { headers: { Connection: "close" } })).ok,
  });
  return {
    url,
    rpcAddress: `127.0.0.1:${rpc}`,
    kill: () => server.kill("SIGKILL"),
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
