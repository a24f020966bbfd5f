import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-port.ts";
import type { Tool } from "./real-binaries.ts";
import { startServerProcess } from "./server-process.ts";

export interface RealConsul {
  readonly url: string;
  readonly lines: readonly string[];
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it if it still runs and starts it on the same ports: with its data if they are on disk, else empty. */
  restart(): Promise<void>;
}

export interface RealConsulOptions {
  /** Keep the data on disk, over restarts. Default: in memory. */
  readonly isPersistent?: boolean;
  /** More settings, in Consul's own language: `limits { http_max_conns_per_client = 8 }`. */
  readonly hcl?: string;
  /** Directories with files that the settings name. */
  readonly directories?: readonly string[];
  /** The token for the requests that ask whether it is ready, where ACLs are on. */
  readonly token?: string;
}

/** One server that is its own cluster, on free loopback ports; ready when it has registered itself. */
export async function startRealConsul(tool: Tool, options: RealConsulOptions = {}): Promise<RealConsul> {
  const ports = await freePorts(4);
  const directory = await mkdtemp(join(tmpdir(), "portolan-consul-"));
  const url = `http://127.0.0.1:${ports[0]}`;
  const args = [
    "agent",
    ...(options.isPersistent === true ? ["-server", "-bootstrap-expect=1", `-data-dir=${directory}`] : ["-dev"]),
    ...onLoopback("consul-server", ports),
    // Elections within a second, as in the dev mode.
    ...["-hcl", "performance { raft_multiplier = 1 }"],
    ...(options.hcl === undefined ? [] : ["-hcl", options.hcl]),
  ];

  const start = () =>
    startServerProcess(tool, {
      args,
      directories: [directory, ...(options.directories ?? [])],
      isReady: () => isReady(url, options.token),
    });
  let current = await start();
  return {
    url,
    get lines() {
      return current.lines;
    },
    async stop() {
      await current.stop();
      await rm(directory, { recursive: true, force: true });
    },
    kill: (signal) => current.kill(signal),
    async restart() {
      await current.stop();
      current = await start();
    },
  };
}

/** Flags for a server of this name that listens on loopback only: its ports for HTTP, RPC, LAN gossip and WAN gossip. */
export function onLoopback(node: string, [http, server, serfLan, serfWan]: readonly number[]): readonly string[] {
  return [
    ...["-bind=127.0.0.1", "-client=127.0.0.1", `-node=${node}`, "-disable-host-node-id"],
    ...[`-http-port=${http}`, `-server-port=${server}`, `-serf-lan-port=${serfLan}`, `-serf-wan-port=${serfWan}`],
    ...["-dns-port=-1", "-grpc-port=-1", "-log-level=warn"],
  ];
}

/**
 * A new server writes its own node twice: first bare, then with its addresses. Before the second write a test that
 * counts wake-ups would be disturbed by it.
 */
async function isReady(url: string, token = ""): Promise<boolean> {
  const response = await fetch(`${url}/v1/catalog/service/consul`, {
    headers: { "X-Consul-Token": token, Connection: "close" },
  });
  const [server] = (await response.json()) as { TaggedAddresses: object | null }[];
  return server !== undefined && server.TaggedAddresses !== null;
}
