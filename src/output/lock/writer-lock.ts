import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { fileIdentity } from "../../base/file-version.ts";
import { systemCode } from "../../base/system-code.ts";
import { hiddenDir, makeHiddenDir } from "../files/hidden-dir.ts";
import { newSocketName, reachContenders, strongerContender } from "./contenders.ts";
import { type Contender, createGreeter, type Greeter } from "./lock-socket.ts";

export interface WriterLockOptions {
  /** The file that must have one writer. */
  readonly outputPath: string;
  /** How this process describes itself to others: "pid 4711 on edge-1". */
  readonly self: string;
  readonly clock: Clock;
  /** The lock cannot be made, though no process has it: writing goes on without. Called once for each reason. */
  unprotected(reason: string): void;
}

export interface WriterLock {
  /** Resolves when this process alone may write, or when aborted. Calls `standingBy` once for each holder that it waits for. */
  acquire(signal: AbortSignal, standingBy: (holder: string) => void): Promise<void>;
  /** To be called before each write. Throws an AppError (E_OUTPUT_TAKEN, retryable) while another process has the lock. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** A process that stands by looks again this often, in case the holder's end does not show on the connection to it. */
const LOOK_MS = 1_000;
/** Pause between two looks of a claimant; a few of them decide between several. */
const CLAIM_MS = 10;

/**
 * One writer for each output. The lock is a listening socket in the hidden directory beside the output, since that may be all
 * that two containers share: a process that answers there is alive, in whatever PID and network namespace, and a killed one
 * does not answer. Abstract sockets end at a network namespace, PID files at a PID namespace, and Node has no file locks. On
 * a network file system, processes of other hosts cannot be reached and are not noticed.
 *
 * Each process has a socket with a name of its own, which is never used again, so that a dead one can be removed without
 * removing a living one. A process first shows its own socket, then looks at all others: of two processes that do so, at
 * least one sees the other.
 *
 * | another living process | then |
 * |---|---|
 * | none | the lock is this process's |
 * | holds the lock, or claims it with a lower name | this process removes its socket and stands by |
 * | claims it with a higher name | it will see this process and withdraw: look again |
 */
export function createWriterLock({ outputPath, self, clock, unprotected }: WriterLockOptions): WriterLock {
  const directory = hiddenDir(outputPath);
  let held: { readonly greeter: Greeter; readonly path: string; readonly identity: string | undefined } | undefined;
  let reportedReason: string | undefined;

  /** The process that has the lock or is about to get it; undefined where that is this one, or where no lock can be made. */
  async function attempt(): Promise<Contender | undefined> {
    if (held?.identity !== undefined && held.identity === (await fileIdentity(held.path))) return undefined;
    await release();
    try {
      const contender = await claim();
      reportedReason = undefined;
      return contender;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      // Where the output's directory is missing, the write itself says so.
      if (reportedReason !== code && code !== "ENOENT") {
        unprotected(
          `no lock could be put into ${directory} (${code}), so that another portolan writing ${outputPath} would not be noticed; let portolan's user write there`,
        );
      }
      reportedReason = code;
      return undefined;
    }
  }

  async function claim(): Promise<Contender | undefined> {
    // First of all, since a process that may not write here must still see one that may.
    const present = strongerContender(await reachContenders(outputPath), "");
    if (present !== undefined) return present;

    await makeHiddenDir(outputPath);
    const name = newSocketName(outputPath);
    const path = join(directory, name);
    const greeter = createGreeter(self, () => held?.greeter === greeter);
    try {
      // Renamed when it answers: one that does not answer yet would be taken for a dead one.
      await greeter.listen(`${path}.new`);
      await rename(`${path}.new`, path);
      for (;;) {
        const others = await reachContenders(outputPath, name);
        if (others.length === 0) {
          held = { greeter, path, identity: await fileIdentity(path) };
          return undefined;
        }
        const winner = strongerContender(others, name);
        if (winner !== undefined) return winner;
        await clock.sleep(CLAIM_MS);
      }
    } finally {
      if (held?.greeter !== greeter) {
        greeter.close();
        await rm(path, { force: true });
      }
    }
  }

  async function release(): Promise<void> {
    if (held === undefined) return;
    const { greeter, path } = held;
    held = undefined;
    await rm(path, { force: true }).catch(() => {});
    greeter.close();
  }

  return {
    async acquire(signal, standingBy) {
      let reported: string | undefined;
      while (!signal.aborted) {
        const contender = await attempt();
        if (contender === undefined) return;
        const { name, isHolder, ended, leave } = contender;
        if (isHolder && name !== reported) {
          standingBy(name);
          reported = name;
        }
        const gone = new AbortController();
        void ended.then(() => gone.abort());
        await clock.sleep(isHolder ? LOOK_MS : CLAIM_MS, AbortSignal.any([signal, gone.signal]));
        leave();
      }
    },

    async confirm() {
      const contender = await attempt();
      if (contender === undefined) return;
      contender.leave();
      throw new AppError(
        `${outputPath} is kept up to date by another portolan, ${contender.name}; end one of the two, or give them files of their own`,
        { code: "E_OUTPUT_TAKEN", retryable: true, exitCode: EXIT_CODES.cannotWrite },
      );
    },

    release,
  };
}
