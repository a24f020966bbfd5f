import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";

/** A Traefik that reads the demo's chart. */
export interface DemoTraefik {
  readonly url: string;
  /** Asks through Traefik for a host; the status, and what the backend said of itself. */
  get(host: string): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** Static configuration: one entry point, the API on another, and the file provider on the chart's directory. */
export function traefikConfiguration(chartDirectory: string, port: number, apiPort: number): string {
  return [
    "# Traefik's static configuration for the demo: traefik --configfile=THIS FILE",
    "entryPoints:",
    `  web: { address: "127.0.0.1:${port}" }`,
    "  # Its API, by which portolan sees what Traefik made of the chart: on loopback, and for it alone.",
    `  traefik: { address: "127.0.0.1:${apiPort}" }`,
    "api: { insecure: true, dashboard: false }",
    "providers:",
    "  # The default of 2 s would be added to every change; the chart is written once a change, so nothing is lost.",
    "  providersThrottleDuration: 100ms",
    "  file:",
    `    directory: ${JSON.stringify(chartDirectory)}`,
    "    watch: true",
    "log: { level: ERROR }",
    "",
  ].join("\n");
}

/** The wanted port if it is free on 127.0.0.1, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    const address = await new Promise<ReturnType<typeof server.address>>((resolve) => {
      server.once("error", () => resolve(null));
      server.listen(port, "127.0.0.1", () => resolve(server.address()));
    });
    server.close();
    if (typeof address === "object" && address !== null) return address.port;
  }
  return wanted;
}

/** The traefik on the PATH, if there is one. */
export async function findTraefik(): Promise<string | undefined> {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, "traefik");
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next directory.
    }
  }
  return undefined;
}

/** Starts it and waits until it accepts connections; resolves with nothing if it ends instead. */
export async function startTraefik(binary: string, configFile: string, port: number): Promise<DemoTraefik | undefined> {
  const child = spawn(binary, [`--configfile=${configFile}`], { stdio: ["ignore", "ignore", "ignore"] });
  const url = `http://127.0.0.1:${port}`;
  while (!hasEnded(child)) {
    try {
      await get(url, "unknown.internal");
      return {
        url,
        get: (host) => get(url, host),
        async close() {
          if (hasEnded(child)) return;
          const ended = once(child, "exit");
          child.kill("SIGTERM");
          await ended;
        },
      };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return undefined;
}

/** Asks for the host's first page; `fetch` would not send a Host header of one's choice. */
async function get(url: string, host: string): Promise<{ readonly status: number; readonly text: string }> {
  const outgoing = request(url, { headers: { Host: host }, signal: AbortSignal.timeout(2_000) }).end();
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: (await text(answer)).trim() };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
