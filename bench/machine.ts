import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Tool } from "../test/support/real-binaries.ts";

const run = promisify(execFile);

/** The machine and the servers in one line: figures mean nothing without them. */
export async function describeMachine(consul: Tool & { path: string }, traefik: Tool & { path: string }) {
  const processors = cpus();
  const memoryGb = Math.round(totalmem() / 1e9);
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}`,
    `${memoryGb} GB`,
    `Linux ${/^\d+\.\d+/.exec(release())?.[0]}`,
    `Node ${process.version}`,
    `Consul ${await version(consul.path, /Consul v(\S+)/)}`,
    `Traefik ${await traefikVersion(traefik.path)}`,
  ].join(", ");
}

async function version(path: string, pattern: RegExp): Promise<string> {
  const { stdout } = await run(path, ["version"]);
  return pattern.exec(stdout)?.[1] ?? "unknown";
}

/** One that was built as a Go tool calls itself "dev"; what it was built from stands in its go.mod. */
async function traefikVersion(path: string): Promise<string> {
  const found = await version(path, /Version:\s+(\S+)/);
  if (found !== "dev") return found;
  const goMod = await readFile(join(import.meta.dirname, "../test/tools/go.mod"), "utf8");
  return /traefik\/traefik\/v3 v(\S+)/.exec(goMod)?.[1] ?? found;
}
