import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { until } from "./await-until.ts";
import type { Tool } from "./real-binaries.ts";

export interface ServerProcess {
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Why it is not running, where it has ended by itself. */
  exitReason(): string | undefined;
  /** Sends SIGTERM, SIGKILL after five seconds, and waits for its end. */
  stop(): Promise<void>;
  /** Sends it a signal; a container can only be killed. Waits for the end if the signal is SIGKILL. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface ServerProcessOptions {
  readonly args: readonly string[];
  /** Directories that it must be able to read under their own names. */
  readonly directories?: readonly string[];
  /** Whether it serves; may throw for "not yet". */
  readonly isReady: () => Promise<boolean>;
}

/** Runs a tool and waits until it serves; one that does not, within 20 s, is ended and reported with its last lines. */
export async function startServerProcess(tool: Tool, options: ServerProcessOptions): Promise<ServerProcess> {
  const { args, directories = [], isReady } = options;
  const server =
    tool.kind === "binary" ? startBinary(tool.path, args) : await startContainer(tool.image, args, directories);
  try {
    await until(() => server.exitReason() !== undefined || isReady(), {
      timeoutMs: 20_000,
      what: `${tool.name} to serve`,
      everyMs: 50,
    });
    if (server.exitReason() !== undefined) throw new Error(`${tool.name} ended at its start: ${server.exitReason()}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function startBinary(path: string, args: readonly string[]): ServerProcess {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) collectLines(stream, lines);

  let reason: string | undefined;
  const ended = Promise.withResolvers<void>();
  function end(why: string): void {
    process.off("exit", killNow);
    reason ??= `${why}; last lines: ${lines.slice(-5).join(" | ")}`;
    ended.resolve();
  }
  child.once("error", (error) => end(error.message));
  child.once("exit", (code, signal) => end(`exit code ${code}, signal ${signal}`));

  function killNow(): void {
    child.kill("SIGKILL");
  }
  // A test run that is interrupted must not leave servers behind.
  process.once("exit", killNow);

  return {
    lines,
    exitReason: () => reason,
    async stop() {
      if (reason !== undefined) return;
      child.kill("SIGTERM");
      const insist = setTimeout(killNow, 5_000);
      await ended.promise;
      clearTimeout(insist);
    },
    async kill(signal) {
      child.kill(signal);
      if (signal === "SIGKILL") await ended.promise;
    },
  };
}

/** On the host's network, so that the same arguments and addresses are right as for a plain process. */
async function startContainer(
  image: string,
  args: readonly string[],
  directories: readonly string[],
): Promise<ServerProcess> {
  const { GenericContainer, Wait } = await import("testcontainers");
  const lines: string[] = [];
  const container = await new GenericContainer(image)
    .withNetworkMode("host")
    .withCommand([...args])
    .withBindMounts(directories.map((directory) => ({ source: directory, target: directory })))
    .withLogConsumer((stream) => collectLines(stream, lines))
    .withWaitStrategy(Wait.forLogMessage(/./))
    .start();
  let isStopped = false;

  async function end(timeoutMs: number): Promise<void> {
    isStopped = true;
    await container.stop({ timeout: timeoutMs });
  }

  return {
    lines,
    exitReason: () => (isStopped ? "stopped" : undefined),
    stop: () => end(5_000),
    kill: () => end(0),
  };
}

function collectLines(stream: Readable, lines: string[]): void {
  createInterface({ input: stream }).on("line", (line) => lines.push(line));
}
