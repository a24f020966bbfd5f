import { randomBytes } from "node:crypto";
import { link, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock } from "../clock.ts";
import { AppError, EXIT_CODES } from "../errors.ts";
import { systemCode } from "./output-error.ts";
import { createGreeter, type Greeter, type LivingOwner, openShortly, reachOwner } from "./owner-socket.ts";
import { hiddenDir, makeHiddenDir } from "./staging-dir.ts";

export interface WriterLockOptions {
  /** The file that must have one writer. */
  readonly outputPath: string;
  /** What another one is told about us: "pid 4711 on edge-1". */
  readonly self: string;
  readonly clock: Clock;
  /** The lock cannot be had, though nobody has it: writing goes on without. Told once for each reason. */
  unprotected(reason: string): void;
}

export interface WriterLock {
  /** Resolves when this process alone may write, or when aborted. Tells for whom it stands by, once for each owner. */
  acquire(signal: AbortSignal, standingBy: (owner: string) => void): Promise<void>;
  /** To be asked before each write. Throws an AppError (E_OUTPUT_TAKEN, retryable) while another process has the lock. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** Who stands by looks again this often, should the owner's end not be seen on the connection to it. */
const LOOK_MS = 1_000;

/**
 * One writer for each output. The lock is a socket in the hidden directory beside the output, since that is all that two
 * containers may share: whoever can be reached there lives, whatever its PID and network namespace, and a killed one cannot
 * be reached. Abstract sockets end at a network namespace, PID files at a PID namespace, and file locks are out of Node's
 * reach. On a network file system, processes of other hosts cannot be reached and are not noticed.
 */
export function createWriterLock({ outputPath, self, clock, unprotected }: WriterLockOptions): WriterLock {
  const directory = hiddenDir(outputPath);
  const path = join(directory, `${basename(outputPath)}.lock`);
  let held: { readonly greeter: Greeter; readonly identity: string } | undefined;
  let toldReason: string | undefined;

  /** The living owner, or undefined where it is us now, or nobody can have the lock. */
  async function attempt(): Promise<LivingOwner | undefined> {
    if (held !== undefined && held.identity === (await identityOf(path))) return undefined;
    await release();
    try {
      return await attemptAtPath();
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      // Where the output's directory is missing, the write itself says so.
      if (toldReason !== code && code !== "ENOENT") {
        unprotected(
          `no lock could be put at ${path} (${code}), so that another portolan writing the same file would not be noticed; let portolan's user write in ${directory}`,
        );
      }
      toldReason = code;
      return undefined;
    }
  }

  async function attemptAtPath(): Promise<LivingOwner | undefined> {
    // First of all, since who may not write here must still see who may.
    const present = await reachOwner(path);
    if (present !== undefined) return present;
    await makeHiddenDir(outputPath);
    const own = uniqueName();
    const greeter = createGreeter(self);
    await openShortly(own, (short) => greeter.listen(short));
    try {
      for (;;) {
        if (await linked(own, path)) {
          held = { greeter, identity: (await identityOf(path)) ?? "" };
          toldReason = undefined;
          return undefined;
        }
        const owner = await reachOwner(path);
        if (owner !== undefined) return owner;
        await removeDead();
      }
    } finally {
      await rm(own, { force: true });
      if (held?.greeter !== greeter) greeter.close();
    }
  }

  /**
   * Of several who find a dead socket only one gets it out of the way. What was moved is looked at again: it may be that
   * of a new owner who was quicker, and then goes back.
   */
  async function removeDead(): Promise<void> {
    const moved = uniqueName();
    try {
      await rename(path, moved);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return;
      throw error;
    }
    const owner = await reachOwner(moved);
    owner?.leave();
    if (owner !== undefined) await linked(moved, path);
    await rm(moved, { force: true });
  }

  function uniqueName(): string {
    return join(directory, `.${randomBytes(6).toString("hex")}.lock`);
  }

  async function release(): Promise<void> {
    if (held === undefined) return;
    const { greeter, identity } = held;
    held = undefined;
    if (identity === (await identityOf(path))) await rm(path, { force: true }).catch(() => {});
    greeter.close();
  }

  return {
    async acquire(signal, standingBy) {
      let told: string | undefined;
      while (!signal.aborted) {
        const owner = await attempt();
        if (owner === undefined) return;
        if (owner.name !== told) standingBy(owner.name);
        told = owner.name;
        const gone = new AbortController();
        void owner.ended.then(() => gone.abort());
        await clock.sleep(LOOK_MS, AbortSignal.any([signal, gone.signal]));
        owner.leave();
      }
    },

    async confirm() {
      const owner = await attempt();
      if (owner === undefined) return;
      owner.leave();
      throw new AppError(
        `${outputPath} is kept up to date by another portolan, ${owner.name}; end one of the two, or give them files of their own`,
        { code: "E_OUTPUT_TAKEN", retryable: true, exitCode: EXIT_CODES.cannotWrite },
      );
    },

    release,
  };
}

/** A link is put only where nothing is: the one atomic way to say "mine" with a socket that answers already. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
