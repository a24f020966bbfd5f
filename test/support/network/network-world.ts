import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { findTool } from "../real-binaries.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of a script of this folder, which ends with its standard input. */
export interface Running {
  /** Its next line of output. */
  line(): Promise<string>;
  write(line: string): void;
}

/**
 * Network namespaces that no one else sees: they lie in a mount namespace of their own, and all of it is gone when its processes are.
 * Those end with the pipe from this one, however this one ends.
 */
export interface NetworkWorld {
  /** Runs a shell command in a namespace that it has made by `ip netns add`; without a name beside them. */
  sh(namespace: string | undefined, command: string, directory?: string): Promise<Ran>;
  /** Starts a script of this folder in a namespace, and awaits its line `ready`. */
  start(namespace: string, script: string, argument: unknown): Promise<Running>;
  close(): Promise<void>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Root's own namespaces, or those of a user namespace where the kernel lets other users make one. */
const WAYS = [
  { unshare: [], nsenter: [] },
  { unshare: ["--user", "--map-root-user"], nsenter: ["--user", "--preserve-credentials"] },
];

const HOLD =
  "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && nft list ruleset && echo ready && exec cat >/dev/null";

/** Undefined without `nft` and `ip`, or without the right to make namespaces; with TEST_TOOLS=required that throws. */
export async function createNetworkWorld(): Promise<NetworkWorld | undefined> {
  const tools = [await findTool("nft"), await findTool("ip")];
  const folders = tools.flatMap((tool) => (tool?.kind === "binary" ? [dirname(tool.path)] : []));
  if (folders.length < tools.length) return undefined;
  const env = { ...process.env, PATH: [...folders, process.env.PATH, "/usr/sbin", "/sbin"].join(":") };
  for (const way of WAYS) {
    const holder = spawn("unshare", [...way.unshare, "--net", "--mount", "sh", "-c", HOLD], { env, stdio: "pipe" });
    const isReady = await Promise.race([
      once(holder.stdout, "data").then(() => true),
      once(holder, "exit").then(() => false),
      once(holder, "error").then(() => false),
    ]);
    if (isReady) return worldOf(holder, way.nsenter, env);
  }
  if (process.env["TEST_TOOLS"] === "required") {
    throw new Error("no right to make network namespaces: run the tests as root, or allow user namespaces");
  }
  return undefined;
}

function worldOf(holder: Child, how: readonly string[], env: NodeJS.ProcessEnv): NetworkWorld {
  const children: Child[] = [];
  const enter = (namespace: string | undefined, command: readonly string[], cwd?: string): Child => {
    const inside = namespace === undefined ? command : ["ip", "netns", "exec", namespace, ...command];
    const args = [...how, "--net", "--mount", "--target", String(holder.pid), "--", ...inside];
    const child = spawn("nsenter", args, { env, stdio: "pipe", ...(cwd === undefined ? {} : { cwd }) });
    children.push(child);
    return child;
  };
  return {
    async sh(namespace, command, directory = "/") {
      const child = enter(namespace, ["sh", "-c", `cd '${directory}' && ${command}`]);
      child.stdin.end();
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit") as Promise<[number | null]>,
      ]);
      return { code, stdout, stderr };
    },
    async start(namespace, script, argument) {
      const file = join(import.meta.dirname, script);
      const child = enter(namespace, [process.execPath, file, JSON.stringify(argument)]);
      let complaints = "";
      child.stderr.on("data", (chunk) => {
        complaints += String(chunk);
      });
      const line = linesOf(child, () => `${script} ended: ${complaints}`);
      if ((await line()) !== "ready") throw new Error(`${script} is not ready: ${complaints}`);
      return { line, write: (words) => child.stdin.write(`${words}\n`) };
    },
    async close() {
      for (const child of [...children, holder]) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

async function text(stream: Readable): Promise<string> {
  let whole = "";
  for await (const chunk of stream) whole += String(chunk);
  return whole;
}

function linesOf(child: Child, complaint: () => string): () => Promise<string> {
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const [last = "", ...whole] = (rest + String(chunk)).split("\n").toReversed();
    rest = last;
    for (const line of whole.toReversed()) (waiting.shift() ?? ((one) => lines.push(one ?? "")))(line);
  });
  child.on("exit", () => {
    for (const one of waiting.splice(0)) one(undefined);
  });
  return async () => {
    const line = lines.shift() ?? (await new Promise<string | undefined>((resolve) => waiting.push(resolve)));
    if (line === undefined) throw new Error(complaint());
    return line;
  };
}
