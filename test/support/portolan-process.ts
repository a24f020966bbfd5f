import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "./await-until.ts";
import { type FirstLine, firstLineOf } from "./first-line.ts";

/** A program of another kind reads none. */
const NO_FIRST_LINE: FirstLine = { environment: {}, flags: [] };

const MAIN = join(import.meta.dirname, "../../dist/main.js");

/** Hundreds of processes read the same modules: each compiles them a sixth faster where one before has left the result. */
const COMPILED = join(import.meta.dirname, "../../out/compiled");

export interface PortolanProcess {
  /** Base URL of its listener. */
  readonly url: string;
  readonly pid: number;
  /** All of its standard error. */
  log(): string;
  /** The events of its JSON log. */
  events(): readonly Record<string, unknown>[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal's name. */
  ended(): Promise<number | NodeJS.Signals>;
  /** Ends it with SIGTERM; its exit code. */
  stop(): Promise<number | NodeJS.Signals>;
}

/** How the process is started, where that matters. */
export interface ProcessOptions {
  /** The user and group that it runs as; only root may choose. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** A program in place of the built one in dist/. */
  readonly program?: string;
}

/** Runs a command of the built portolan to its end. */
export async function runPortolan(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawnPortolan(args, env);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (part: Buffer) => {
    stdout += part.toString();
  });
  child.stderr?.on("data", (part: Buffer) => {
    stderr += part.toString();
  });
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

/** Starts `portolan run` with a JSON log and a listener on a free port, and waits until it listens. */
export async function startPortolan(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: ProcessOptions = {},
): Promise<PortolanProcess> {
  const child = spawnPortolan(["run", "--listen", "127.0.0.1:0", "--log-format", "json", ...args], env, options);
  let log = "";
  child.stderr?.on("data", (part: Buffer) => {
    log += part.toString();
  });
  const ended = once(child, "close").then(() => child.exitCode ?? child.signalCode ?? 0);
  const events = () =>
    log
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line): Record<string, unknown> => JSON.parse(line));
  const started = await until(
    () => {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${log}`);
      return events().find(({ event }) => event === "daemon.started");
    },
    { timeoutMs: 30_000, what: "portolan to start" },
  ).catch(async (error: unknown) => {
    child.kill("SIGKILL");
    await ended;
    throw error;
  });
  return {
    url: String(started["listen"]),
    pid: child.pid ?? 0,
    log: () => log,
    events,
    kill: (signal) => child.kill(signal),
    ended: () => ended,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function spawnPortolan(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { user, program }: ProcessOptions = {},
): ChildProcess {
  // With what the first line of main.ts gives to Node, as it is started wherever it is deployed.
  const { environment, flags } = program === undefined ? firstLineOf(MAIN) : NO_FIRST_LINE;
  const [command, first] = program === undefined ? [process.execPath, [...flags, MAIN]] : [program, []];
  return spawn(command, [...first, ...args], {
    ...user,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: COMPILED, ...environment, ...env },
  });
}
