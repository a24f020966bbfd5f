import { randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode } from "../../base/system-code.ts";
import { handsDownGroup, hiddenDir, makeHiddenDir } from "./hidden-dir.ts";
import { outputError } from "./output-error.ts";

export interface FileOwner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ReplaceFileOptions extends FileOwner {
  readonly path: string;
  /** A text in pieces is made piece by piece while it is written; it may be asked for again. */
  readonly text: string | Uint8Array | Iterable<string>;
  /** Where the new file grows. A rename out of it should reach `path` (chooseStagingDir), but need not. */
  readonly stagingDir: string;
  /** Permission bits of the new file, whatever the umask; default 0600. */
  readonly mode?: number;
  /**
   * Whether the new file must be there, and whole, after the machine itself has failed; default: yes. Otherwise the disk is not
   * waited for: a killed process leaves the old file or the new one all the same.
   */
  readonly outlivesMachine?: boolean;
}

/**
 * Replaces a file so that a reader, a crash or a full disk meets the old text or the new one, never a part: Traefik
 * takes a YAML text that is cut at the end of a line for a smaller, valid configuration and drops the rest.
 *
 * Throws an AppError with E_OUTPUT_NO_SPACE, _READ_ONLY, _DENIED, _MISSING_DIR, _OWNER (uid or gid refused) or
 * _FAILED. The old file is untouched then, unless only the directory's last sync failed.
 */
export async function replaceFile(options: ReplaceFileOptions): Promise<void> {
  try {
    await stageAndRename(options, options.stagingDir).catch(async (error: unknown) => {
      // Two mounts refuse a rename even on one file system (Docker's volumes, for instance); a staging directory inside the
      // output's own is gone when that was replaced; and one elsewhere may be full, read-only or another user's by now.
      const isElsewhereWorthIt = systemCode(error) !== undefined || (await isGroupHandedDown(error, options));
      if (!isElsewhereWorthIt || options.stagingDir === dirname(options.path)) throw error;
      return stageElsewhere(options);
    });
  } catch (error) {
    throw outputError(error, "write", options.path);
  }
}

/**
 * Deletes what a killed replaceFile left for this path, in the staging directory, the hidden one and beside the path; answers how
 * many files. Call it only where no other process can be writing the same path.
 */
export async function removeStale({ path, stagingDir }: { path: string; stagingDir: string }): Promise<number> {
  let removed = 0;
  for (const directory of new Set([stagingDir, hiddenDir(path), dirname(path)])) {
    try {
      for (const name of await readdir(directory)) {
        if (!isStagingName(name, path)) continue;
        await rm(join(directory, name), { force: true });
        removed += 1;
      }
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw outputError(error, "clean up", directory);
    }
  }
  return removed;
}

const REFUSED_OWNER = "E_OUTPUT_OWNER";

/** In the hidden directory beside the output where it can be used, else in the output's own. */
async function stageElsewhere(options: ReplaceFileOptions): Promise<void> {
  try {
    await stageAndRename(options, await makeHiddenDir(options.path));
  } catch (error) {
    if (systemCode(error) === undefined && !(await isGroupHandedDown(error, options))) throw error;
    await stageAndRename(options, dirname(options.path));
  }
}

/** Whether it was the group that was refused, and a file that grows beside the output has it from the start. */
async function isGroupHandedDown(error: unknown, { path, uid, gid }: ReplaceFileOptions): Promise<boolean> {
  if (!(error instanceof AppError) || error.code !== REFUSED_OWNER || uid !== undefined || gid === undefined)
    return false;
  return handsDownGroup(dirname(path), gid);
}

async function stageAndRename(
  { path, text, mode = 0o600, outlivesMachine = true, uid, gid }: ReplaceFileOptions,
  stagingDir: string,
) {
  // Opened first: a directory that cannot be synced must be found out before anything has changed.
  const directory = outlivesMachine ? await open(dirname(path), "r") : undefined;
  const staged = join(stagingDir, stagingName(path));
  try {
    const file = await open(staged, "wx", 0o600);
    try {
      if (uid !== undefined || gid !== undefined) await changeOwner(file, path, { uid, gid });
      await file.writeFile(text);
      await file.chmod(mode);
      if (outlivesMachine) await file.sync();
    } finally {
      await file.close();
    }
    await rename(staged, path);
    await directory?.sync();
  } catch (error) {
    // A failure here would hide the first one; removeStale looks again at the next start.
    await rm(staged, { force: true }).catch(() => {});
    throw error;
  } finally {
    await directory?.close();
  }
}

/** Nothing is asked of the system where the owner is right already: some refuse even that. */
async function changeOwner(
  file: FileHandle,
  path: string,
  owner: { uid: number | undefined; gid: number | undefined },
) {
  const found = await file.stat();
  if ((owner.uid ?? found.uid) === found.uid && (owner.gid ?? found.gid) === found.gid) return;
  try {
    await file.chown(owner.uid ?? -1, owner.gid ?? -1);
  } catch (error) {
    if (systemCode(error) !== "EPERM") throw error;
    const wanted = `${owner.uid ?? "same"}:${owner.gid ?? "same"}`;
    throw new AppError(
      `cannot give ${path} the owner ${wanted}: EPERM; add portolan's user to that group, or set no owner`,
      { code: REFUSED_OWNER, retryable: true, exitCode: EXIT_CODES.cannotWrite },
    );
  }
}

const PREFIX = ".portolan-";
const SUFFIX = ".staging";
const TOKEN_BYTES = 6;

/** Never ends in .yml, .yaml or .toml: Traefik reads hidden files with those names too. Ours by prefix and suffix. */
function stagingName(path: string): string {
  return `${PREFIX}${basename(path)}-${randomBytes(TOKEN_BYTES).toString("hex")}${SUFFIX}`;
}

/** Only this path's: a second portolan may be writing another file in the same directory. */
function isStagingName(name: string, path: string): boolean {
  return (
    name.startsWith(`${PREFIX}${basename(path)}-`) && name.endsWith(SUFFIX) && name.length === stagingName(path).length
  );
}
