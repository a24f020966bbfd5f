import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { systemCode } from "../../base/system-code.ts";
import { hiddenDir } from "../files/hidden-dir.ts";
import { type Contender, reachContender } from "./lock-socket.ts";

/** A living process that has or claims the lock, with the name of its socket. */
export type NamedContender = readonly [name: string, contender: Contender];

const SUFFIX = ".lock";

/** A socket's name that was never used before, for the lock of this output. */
export function newSocketName(outputPath: string): string {
  return `${basename(outputPath)}.${randomBytes(6).toString("hex")}${SUFFIX}`;
}

/**
 * All other living processes that have or claim the lock of this output; sockets of dead ones are removed. Throws the system's
 * error.
 *
 * @param own the name of this process's socket, if it has one
 */
export async function reachContenders(outputPath: string, own?: string): Promise<readonly NamedContender[]> {
  const directory = hiddenDir(outputPath);
  const living: NamedContender[] = [];
  for (const name of await socketNames(directory, basename(outputPath))) {
    if (name === own) continue;
    const contender = await reachContender(join(directory, name));
    if (contender !== undefined) living.push([name, contender]);
    // A socket of another user's may stay: it does no harm.
    else await rm(join(directory, name), { force: true }).catch(() => {});
  }
  return living;
}

/**
 * The process before which one with the socket `own` has to stand back: the holder, else a claimant with a lower name. The
 * connections to all others are ended.
 */
export function strongerContender(others: readonly NamedContender[], own: string): Contender | undefined {
  const winner = others.find(([name, { isHolder }]) => isHolder || name < own)?.[1];
  for (const [, contender] of others) if (contender !== winner) contender.leave();
  return winner;
}

async function socketNames(directory: string, output: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => name.startsWith(`${output}.`) && name.endsWith(SUFFIX));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
