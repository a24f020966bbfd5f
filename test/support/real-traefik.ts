import { freePorts } from "./free-port.ts";
import type { Tool } from "./real-binaries.ts";
import { startServerProcess } from "./server-process.ts";

export interface RealTraefik {
  /** The entry point `web`. */
  readonly url: string;
  /** The API: append "/api/rawdata". */
  readonly apiUrl: string;
  /** The log so far, one JSON object a line. */
  logLines(): readonly string[];
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it if it still runs and starts it on the same ports; its log begins anew. */
  restart(): Promise<void>;
}

export interface RealTraefikOptions {
  /** Static configuration as flags: those of providers from the functions below, and any other. */
  readonly args: readonly string[];
  /** Directories that the flags name. */
  readonly directories?: readonly string[];
  /** Smallest distance between two configurations. Default: 0, so that tests see each one; Traefik's own is 2000. */
  readonly throttleMs?: number;
  /** Default: DEBUG, which shows what a provider sent. */
  readonly logLevel?: "DEBUG" | "INFO" | "WARN" | "ERROR";
}

/** Flags for the file provider on a directory. */
export function fileProvider(directory: string): readonly string[] {
  return [`--providers.file.directory=${directory}`, "--providers.file.watch=true"];
}

/** Flags for Traefik's own provider for Consul, in its watching mode; for its other options append flags. */
export function consulCatalogProvider(consulUrl: string): readonly string[] {
  const prefix = "--providers.consulCatalog";
  return [`${prefix}.endpoint.address=${new URL(consulUrl).host}`, `${prefix}.watch=true`];
}

/**
 * Flags for Traefik's own provider for Nomad, with services exposed by their tag; append flags for more.
 *
 * @param by how it sees changes. Default: it polls every second
 */
export function nomadProvider(nomadUrl: string, by = "refreshInterval=1s"): readonly string[] {
  const prefix = "--providers.nomad";
  return [`${prefix}.endpoint.address=${nomadUrl}`, `${prefix}.exposedByDefault=false`, `${prefix}.${by}`];
}

/** Traefik with one entry point and its API on free loopback ports; ready when the API answers. */
export async function startRealTraefik(tool: Tool, options: RealTraefikOptions): Promise<RealTraefik> {
  const [web, api] = await freePorts(2);
  const url = `http://127.0.0.1:${web}`;
  const apiUrl = `http://127.0.0.1:${api}`;
  const args = [
    `--entryPoints.web.address=127.0.0.1:${web}`,
    `--entryPoints.traefik.address=127.0.0.1:${api}`,
    "--api.insecure=true",
    ...["--global.checkNewVersion=false", "--global.sendAnonymousUsage=false"],
    `--providers.providersThrottleDuration=${options.throttleMs ?? 0}ms`,
    ...[`--log.level=${options.logLevel ?? "DEBUG"}`, "--log.format=json", "--log.noColor=true"],
    ...options.args,
  ];

  const start = () =>
    startServerProcess(tool, {
      args,
      directories: options.directories ?? [],
      isReady: async () => (await fetch(`${apiUrl}/api/overview`)).ok,
    });
  let traefik = await start();
  return {
    url,
    apiUrl,
    logLines: () => traefik.lines,
    stop: () => traefik.stop(),
    kill: (signal) => traefik.kill(signal),
    async restart() {
      await traefik.stop();
      traefik = await start();
    },
  };
}
