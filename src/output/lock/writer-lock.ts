import { randomBytes } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode } from "../../base/system-code.ts";
import { hiddenDir, makeHiddenDir } from "../chart/staging-dir.ts";
import { type Contender, createGreeter, type Greeter, reachContender } from "./lock-socket.ts";

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
  /** Resolves when this process alone may write, or when aborted. Tells for whom it stands by, once for each holder. */
  acquire(signal: AbortSignal, standingBy: (holder: string) => void): Promise<void>;
  /** To be asked before each write. Throws an AppError (E_OUTPUT_TAKEN, retryable) while another process has the lock. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** Who stands by looks again this often, should the holder's end not be seen on the connection to it. */
const LOOK_MS = 1_000;
/** Claimants settle among themselves within a few of these. */
const CLAIM_MS = 10;

/**
 * One writer for each output. The lock is a living socket in the hidden directory beside the output, since that is all that
 * two containers may share: whoever answers there lives, in whatever PID and network namespace, and a killed one does not.
 * Abstract sockets end at a network namespace, PID files at a PID namespace, and file locks are out of Node's reach. On a
 * network file system, processes of other hosts cannot be reached and are not noticed.
 *
 * Everybody has a socket of a name of its own, which is never used again, so that a dead one can be removed without taking
 * away a living one. First one shows one's own, then looks at all others: of two who do that, at least one sees the other.
 *
 * | a living other | then |
 * |---|---|
 * | none | the lock is ours |
 * | holds it, or claims it with a lower name | our own goes away, we stand by |
 * | claims it with a higher name | it will see us and go away: we look again |
 */
export function createWriterLock({ outputPath, self, clock, unprotected }: WriterLockOptions): WriterLock {
  const directory = hiddenDir(outputPath);
  let held: { readonly greeter: Greeter; readonly path: string; readonly identity: string | undefined } | undefined;
  let toldReason: string | undefined;

  /** Who has the lock or is about to get it; undefined where that is us, or nobody can have it. */
  async function attempt(): Promise<Contender | undefined> {
    if (held?.identity !== undefined && held.identity === (await identityOf(held.path))) return undefined;
    await release();
    try {
      const contender = await claim();
      toldReason = undefined;
      return contender;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      // Where the output's directory is missing, the write itself says so.
      if (toldReason !== code && code !== "ENOENT") {
        unprotected(
          `no lock could be put into ${directory} (${code}), so that another portolan writing ${outputPath} would not be noticed; let portolan's user write there`,
        );
      }
      toldReason = code;
      return undefined;
    }
  }

  async function claim(): Promise<Contender | undefined> {
    // First of all, since who may not write here must still see who may.
    const present = stronger(await reachOthers(), "");
    if (present !== undefined) return present;

    await makeHiddenDir(outputPath);
    const name = `${basename(outputPath)}.${randomBytes(6).toString("hex")}${SUFFIX}`;
    const path = join(directory, name);
    const greeter = createGreeter(self, () => held?.greeter === greeter);
    try {
      // Renamed when it answers: one that does not answer yet would be taken for a dead one.
      await greeter.listen(`${path}.new`);
      await rename(`${path}.new`, path);
      for (;;) {
        const others = await reachOthers(name);
        if (others.length === 0) {
          held = { greeter, path, identity: await identityOf(path) };
          return undefined;
        }
        const winner = stronger(others, name);
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

  /** Everybody else who lives, by the names of their sockets; those of the dead are removed. */
  async function reachOthers(own?: string): Promise<readonly (readonly [name: string, contender: Contender])[]> {
    const living: (readonly [string, Contender])[] = [];
    for (const name of await socketNames()) {
      if (name === own) continue;
      const contender = await reachContender(join(directory, name));
      if (contender !== undefined) living.push([name, contender]);
      // Another user's may stay: it stands in nobody's way.
      else await rm(join(directory, name), { force: true }).catch(() => {});
    }
    return living;
  }

  async function socketNames(): Promise<readonly string[]> {
    try {
      const names = await readdir(directory);
      return names.filter((name) => name.startsWith(`${basename(outputPath)}.`) && name.endsWith(SUFFIX));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw error;
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
      let told: string | undefined;
      while (!signal.aborted) {
        const contender = await attempt();
        if (contender === undefined) return;
        const { name, isHolder, ended, leave } = contender;
        if (isHolder && name !== told) {
          standingBy(name);
          told = name;
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

const SUFFIX = ".lock";

/** Before whom one with this name has to stand back; the connections to all others are ended. */
function stronger(
  others: readonly (readonly [name: string, contender: Contender])[],
  own: string,
): Contender | undefined {
  const winner = others.find(([name, { isHolder }]) => isHolder || name < own)?.[1];
  for (const [, contender] of others) if (contender !== winner) contender.leave();
  return winner;
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
